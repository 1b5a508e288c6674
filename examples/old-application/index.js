/*
 * Transcodes an uploaded video and waits for the notification, as many applications of 2018 did.
 *
 * Version 2 of the SDK, `require('aws-sdk')`, is retired; the callbacks are the same
 * in version 3. For Reelway, only the endpoint and the keys below are different.
 */
const http = require("http");
const { ElasticTranscoder } = require("@aws-sdk/client-elastic-transcoder");

const transcoder = new ElasticTranscoder({
  region: "us-east-1",
  endpoint: process.env.TRANSCODER_ENDPOINT,
  credentials: {
    accessKeyId: process.env.TRANSCODER_ACCESS_KEY_ID,
    secretAccessKey: process.env.TRANSCODER_SECRET_ACCESS_KEY,
  },
});

const presets = {
  "1080p": "1351620000001-000001",
  "720p": "1351620000001-000010",
  web: "1351620000001-100070",
  hls2000: "1351620000001-200010",
  hls1000: "1351620000001-200030",
  hls400: "1351620000001-200050",
};

function transcode(videoId, key, callback) {
  const params = {
    PipelineId: process.env.PIPELINE_ID,
    Input: {
      Key: key,
      FrameRate: "auto",
      Resolution: "auto",
      AspectRatio: "auto",
      Interlaced: "auto",
      Container: "auto",
    },
    OutputKeyPrefix: "videos/" + videoId + "/",
    Outputs: [
      {
        Key: "1080p.mp4",
        PresetId: presets["1080p"],
        ThumbnailPattern: "thumbnails/{count}",
        Rotate: "auto",
      },
      { Key: "720p.mp4", PresetId: presets["720p"], Rotate: "auto" },
      { Key: "web.mp4", PresetId: presets.web, Rotate: "auto" },
      { Key: "hls/2000", PresetId: presets.hls2000, SegmentDuration: "2" },
      { Key: "hls/1000", PresetId: presets.hls1000, SegmentDuration: "2" },
      { Key: "hls/400", PresetId: presets.hls400, SegmentDuration: "2" },
    ],
    Playlists: [
      {
        Name: "master",
        Format: "HLSv3",
        OutputKeys: ["hls/2000", "hls/1000", "hls/400"],
      },
    ],
    UserMetadata: { videoId: videoId },
  };
  transcoder.createJob(params, function (err, data) {
    if (err) return callback(err);
    callback(null, data.Job);
  });
}

function onJobChange(message) {
  switch (message.state) {
    case "PROGRESSING":
      console.log("video %s: transcoding", message.userMetadata.videoId);
      break;
    case "WARNING":
      console.log("video %s: warning: %s", message.userMetadata.videoId, message.messageDetails);
      break;
    case "COMPLETED":
      message.outputs.forEach(function (output) {
        console.log(
          "  %s %s %ss %dx%d",
          output.key,
          output.status,
          output.duration,
          output.width,
          output.height,
        );
      });
      message.playlists.forEach(function (playlist) {
        console.log("  %s %s %s", playlist.name, playlist.format, playlist.status);
      });
      console.log("video %s: ready", message.userMetadata.videoId);
      server.close();
      break;
    case "ERROR":
      message.outputs.forEach(function (output) {
        console.log("  %s %s %s", output.key, output.status, output.statusDetail);
      });
      console.log("video %s: failed: %s", message.userMetadata.videoId, message.messageDetails);
      process.exitCode = 1;
      server.close();
      break;
  }
}

const server = http.createServer(function (req, res) {
  let body = "";
  req.on("data", function (chunk) {
    body += chunk;
  });
  req.on("end", function () {
    const envelope = JSON.parse(body);
    if (req.headers["x-amz-sns-message-type"] === "SubscriptionConfirmation") {
      console.log("Confirm the subscription at %s", envelope.SubscribeURL);
    }
    if (req.headers["x-amz-sns-message-type"] === "Notification") {
      onJobChange(JSON.parse(envelope.Message));
    }
    res.writeHead(200, { Connection: "close" });
    res.end();
  });
});

server.listen(process.env.PORT, "127.0.0.1", function () {
  transcode(process.argv[2], process.argv[3], function (err, job) {
    if (err) {
      console.error("%s: %s", err.name, err.message);
      process.exit(1);
    }
    console.log("video %s: job %s is %s", process.argv[2], job.Id, job.Status);
  });
});
