import { expect } from "chai";
import { parseProbe } from "../../../pipeline/media/parse-probe.ts";
import { catchCode } from "../recipes/plan-context.ts";

const videoStream = (more: object = {}) => ({
  index: 0,
  codec_type: "video",
  codec_name: "h264",
  width: 320,
  height: 240,
  pix_fmt: "yuv420p",
  avg_frame_rate: "30000/1001",
  r_frame_rate: "30/1",
  ...more,
});
const audioStream = (more: object = {}) => ({
  index: 1,
  codec_type: "audio",
  codec_name: "aac",
  channels: 2,
  sample_rate: "44100",
  ...more,
});
const parse = (streams: readonly object[], format: object = {}, log = "") =>
  parseProbe(
    { format: { format_name: "mov,mp4", duration: "10.5", bit_rate: "1000", ...format }, streams },
    log,
  );
const parseVideo = (more: object) => parse([videoStream(more)]).video;

describe("ffprobe output", () => {
  it("is converted to the project's terms", () => {
    expect(parse([videoStream(), audioStream({ duration: "9.25" })])).to.deep.equal({
      formats: ["mov", "mp4"],
      durationSeconds: 10.5,
      bitRate: 1000,
      video: {
        index: 0,
        codec: "h264",
        codedWidth: 320,
        codedHeight: 240,
        width: 320,
        height: 240,
        rotation: 0,
        frameRate: 30_000 / 1001,
        pixelFormat: "yuv420p",
        interlaced: false,
        durationSeconds: undefined,
      },
      audio: { index: 1, codec: "aac", channels: 2, sampleRate: 44_100, durationSeconds: 9.25 },
    });
  });

  it("yields the display size for pixels that are not square", () => {
    const video = parseVideo({ sample_aspect_ratio: "4:3" });

    expect({ codedWidth: video?.codedWidth, width: video?.width, height: video?.height }).to.deep.equal({
      codedWidth: 320,
      width: 427,
      height: 240,
    });
    expect(parseVideo({ sample_aspect_ratio: "0:1" })?.width).to.equal(320);
    expect(parseVideo({ sample_aspect_ratio: "N/A" })?.width).to.equal(320);
  });

  for (const [angle, rotation] of [
    [-90, 90],
    [90, 270],
    [180, 180],
    [-180, 180],
    [-270, 270],
    [0, 0],
    [360, 0],
  ])
    it(`treats a display matrix of ${angle} degrees as ${rotation} clockwise`, () => {
      const video = parseVideo({ side_data_list: [{ side_data_type: "CPB" }, { rotation: angle }] });

      expect(video?.rotation).to.equal(rotation);
      expect([video?.width, video?.height]).to.deep.equal(
        rotation === 90 || rotation === 270 ? [240, 320] : [320, 240],
      );
    });

  it("treats the legacy rotate tag as degrees clockwise, and rotates the display size", () => {
    const video = parseVideo({ tags: { rotate: "90" }, sample_aspect_ratio: "2:1" });

    expect({ rotation: video?.rotation, width: video?.width, height: video?.height }).to.deep.equal({
      rotation: 90,
      width: 240,
      height: 640,
    });
  });

  it("does not treat a time base as a frame rate", () => {
    expect(parseVideo({ avg_frame_rate: "0/0", r_frame_rate: "1000/1" })).to.include({
      isVariableFrameRate: true,
      frameRate: undefined,
    });
    expect(parseVideo({ avg_frame_rate: "2987/100", r_frame_rate: "90000/1" })).to.include({
      isVariableFrameRate: true,
      frameRate: 29.87,
    });
    expect(parseVideo({ avg_frame_rate: "0/0", r_frame_rate: "25/1" })?.frameRate).to.equal(25);
    expect(parseVideo({ avg_frame_rate: "0/0", r_frame_rate: "0/0" })?.frameRate).to.equal(undefined);
  });

  it("does not treat an estimate as a duration", () => {
    const log = "[aac @ 0x1] Estimating duration from bitrate, this may be inaccurate\n";
    const probe = parse([audioStream({ duration: "183" })], { duration: "183" }, log);

    expect({
      probeDurationSeconds: probe.durationSeconds,
      audioDurationSeconds: probe.audio?.durationSeconds,
    }).to.deep.equal({ probeDurationSeconds: undefined, audioDurationSeconds: undefined });
  });

  it("reads a stream's duration from its tag, as in Matroska", () => {
    expect(parseVideo({ tags: { DURATION: "01:02:03.500000000" } })?.durationSeconds).to.equal(3723.5);
    expect(parseVideo({ duration: "N/A", tags: { DURATION: "soon" } })?.durationSeconds).to.equal(undefined);
  });

  it("measures every track from the source's origin", () => {
    const probe = parse(
      [
        videoStream({ start_time: "93601.5", duration: "4.5" }),
        audioStream({ start_time: "93600", duration: "5" }),
      ],
      { start_time: "93600", duration: "93606" },
    );

    expect([
      probe.durationSeconds,
      probe.video?.startSeconds,
      probe.video?.durationSeconds,
      probe.audio?.startSeconds,
    ]).to.deep.equal([6, 1.5, 4.5, undefined]);
  });

  it("takes Matroska's times as ends, measured from 0", () => {
    const probe = parse(
      [
        videoStream({ start_time: "93600.400", tags: { DURATION: "26:00:06.000" } }),
        audioStream({ start_time: "93600" }),
      ],
      { format_name: "matroska,webm", start_time: "93600", duration: "93607" },
    );

    expect(probe.durationSeconds).to.equal(7);
    expect(probe.video?.startSeconds).to.be.closeTo(0.4, 0.001);
    expect(probe.video?.durationSeconds).to.be.closeTo(5.6, 0.001);
  });

  it("lists the audio and subtitle tracks with their language, title and flags", () => {
    const probe = parse([
      videoStream(),
      audioStream({
        channel_layout: "stereo",
        disposition: { default: 0, comment: 1 },
        tags: { title: "Commentary", language: "eng" },
      }),
      audioStream({
        index: 2,
        channel_layout: "unknown",
        disposition: { default: 1 },
        tags: { language: "und" },
      }),
      {
        index: 3,
        codec_type: "subtitle",
        codec_name: "subrip",
        disposition: { forced: 1 },
        tags: { language: "fre" },
      },
    ]);

    expect(probe.audioTracks).to.deep.equal([
      {
        ...{ index: 1, codec: "aac", channels: 2, sampleRate: 44_100, durationSeconds: undefined },
        ...{ channelLayout: "stereo", language: "eng", title: "Commentary", isCommentary: true },
      },
      {
        index: 2,
        codec: "aac",
        channels: 2,
        sampleRate: 44_100,
        durationSeconds: undefined,
        isDefault: true,
      },
    ]);
    expect(probe.subtitleTracks).to.deep.equal([
      { index: 3, codec: "subrip", language: "fre", isForced: true },
    ]);
  });

  it("omits audio that no decoder knows, such as a phone's spatial audio", () => {
    expect(
      parse([videoStream(), audioStream({ codec_name: undefined }), audioStream({ index: 2 })]).audio?.index,
    ).to.equal(2);
  });

  it("uses the default video stream", () => {
    const streams = [videoStream(), videoStream({ index: 1, disposition: { default: 1 } })];

    expect(parse(streams).video?.index).to.equal(1);
    expect(parse([videoStream({ width: 0, height: 0 }), videoStream({ index: 1 })]).video?.index).to.equal(1);
  });

  it("keeps color tags, and none for unknown ones", () => {
    const tags = {
      color_range: "tv",
      color_space: "bt2020nc",
      color_transfer: "smpte2084",
      color_primaries: "bt2020",
    };

    expect(parseVideo(tags)?.color).to.deep.equal({
      range: "tv",
      matrix: "bt2020nc",
      transfer: "smpte2084",
      primaries: "bt2020",
    });
    expect(parseVideo({ color_range: "unknown", color_space: "reserved" })?.color).to.equal(undefined);
  });

  it("reports the Dolby Vision configuration", () => {
    const side = {
      side_data_type: "DOVI configuration record",
      dv_profile: 8,
      dv_bl_signal_compatibility_id: 4,
    };

    expect(parseVideo({ side_data_list: [side] })?.dolbyVision).to.deep.equal({
      profile: 8,
      compatibilityId: 4,
    });
  });

  it("covers every field order", () => {
    const orders = ["tt", "bb", "tb", "bt", "progressive", "unknown", undefined];

    expect(orders.map((field_order) => parseVideo({ field_order })?.interlaced)).to.deep.equal([
      ...[true, true, true, true, false, false, false],
    ]);
  });

  it("ignores cover art and data streams, and uses the first of each kind", () => {
    const coverArt = videoStream({ index: 0, disposition: { attached_pic: 1 } });
    const data = { index: 1, codec_type: "data" };
    const probe = parse([
      coverArt,
      data,
      audioStream({ index: 2 }),
      audioStream({ index: 3 }),
      videoStream({ index: 4 }),
    ]);

    expect({ videoIndex: probe.video?.index, audioIndex: probe.audio?.index }).to.deep.equal({
      videoIndex: 4,
      audioIndex: 2,
    });
    expect(parse([coverArt, audioStream()]).video).to.equal(undefined);
  });

  it("uses the default audio stream, and a commentary only without any other", () => {
    const commentary = audioStream({ disposition: { comment: 1, default: 1 } });
    const audio = audioStream({ index: 2, disposition: { default: 1 } });

    expect(parse([commentary, audioStream({ index: 3 }), audio]).audio?.index).to.equal(2);
    expect(parse([commentary]).audio?.index).to.equal(1);
  });

  it("omits audio without channels", () => {
    expect(parse([videoStream(), audioStream({ channels: 0 })]).audio).to.equal(undefined);
    expect(parse([audioStream({ channels: undefined }), videoStream()]).audio).to.equal(undefined);
  });

  it("fails with 4000 for video that cannot be decoded, and omits it next to decodable audio", () => {
    const refused = videoStream({ width: 0, height: 0 });

    expect(catchCode(() => parse([refused]))).to.equal(4000);
    expect(parse([refused, audioStream()]).video).to.equal(undefined);
  });

  it("fails with 4000 for invalid output", () => {
    for (const answer of [undefined, {}, { streams: [] }, { format: { format_name: 3 } }])
      expect(catchCode(() => parseProbe(answer))).to.equal(4000);
  });
});
