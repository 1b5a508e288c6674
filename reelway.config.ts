import { defineConfig } from "reelway";

/** Extensions of uploads, without the dot. */
const video = "mp4 m4v mov mkv webm avi mpg mpeg ts mts m2ts flv wmv 3gp mxf ogv".split(" ");
const web = ["mp4", "mov", "m4v"];
/** Elastic Transcoder's system preset Web: H.264 main, 1280×720, 2200 kbit/s, AAC 160 kbit/s. */
const webPreset = "1351620000001-100070";

export default defineConfig({
  // Prefix of every resource name in AWS.
  project: "reelway",
  // Deployments by name. Bucket names are globally unique: if one is taken, choose another.
  // `network`: "public" costs nothing while idle; "endpoints" keeps tasks in private subnets: docs/costs.md
  stages: {
    dev: {
      inputBucket: "reelway-dev-input",
      outputBucket: "reelway-dev-output",
      region: "us-east-1",
      network: "public",
    },
    prod: {
      inputBucket: "reelway-prod-input",
      outputBucket: "reelway-prod-output",
      region: "us-east-1",
      network: "endpoints",
    },
  },
  // Your own code for every new thumbnail:
  // hooks: { onOutput: "./hooks/on-output.ts" },
  // Live channels to watch for moments worth clipping:
  // channels: [
  //   { name: "news", manifestUrl: "https://live.example.com/news/index.m3u8", clipLabels: ["Person"] },
  // ],
  // How uploads are processed. The longest prefix that matches a key wins; among its routes, the extension decides.
  // `outputs` are keys in the output bucket: {path} is the upload's folders below the prefix, {name} its name without the
  // extension, {ext} its extension.
  routes: [
    {
      name: "thumbnails",
      prefix: "thumbnails/",
      extensions: video,
      engine: "ffmpeg",
      recipe: { name: "thumbnail", at: { seconds: 2 } },
      outputs: ["thumb/{path}{name}.{ext}.png"],
    },
    {
      name: "watermarks",
      prefix: "unprocessed-videos/",
      extensions: video,
      engine: "ffmpeg",
      recipe: { name: "watermark", image: "watermarks/default.png" },
      outputs: ["watermarked/{path}{name}.{ext}.mp4"],
    },
    {
      name: "images",
      prefix: "images/",
      extensions: ["jpg", "jpeg", "png", "webp", "avif", "gif", "tif", "tiff"],
      engine: "ffmpeg",
      // An EventBridge rule starts the task directly, without the router function.
      trigger: "eventbridge",
      recipe: { name: "image", maxWidth: 1600, maxHeight: 1600 },
      outputs: ["images/{path}{name}.{ext}.webp", "images/{path}{name}.{ext}.jpg"],
    },
    {
      name: "responses",
      prefix: "responses/",
      extensions: ["webm", "mp4", "mov"],
      engine: "elastic-transcoder",
      preset: webPreset,
      outputs: ["output/web/{key|mp4}.mp4"],
    },
    {
      // Without a prefix: uploads outside the folders above.
      name: "web",
      extensions: web,
      engine: "elastic-transcoder",
      preset: webPreset,
      outputs: ["output/web/{path}{name|mp4}.mp4"],
    },
    {
      name: "ladder",
      extensions: video.filter((extension) => !web.includes(extension)),
      engine: "ffmpeg",
      recipe: { name: "ladder" },
      // The folder of the HLS and DASH files.
      outputs: ["output/{path}{name}.{ext}/"],
    },
    {
      name: "audio",
      extensions: ["mp3", "wav", "flac", "m4a", "aac", "ogg", "opus"],
      engine: "ffmpeg",
      recipe: { name: "audio", bitRateKbps: 128 },
      outputs: ["audio/{path}{name}.{ext}.m4a"],
    },
  ],
});
