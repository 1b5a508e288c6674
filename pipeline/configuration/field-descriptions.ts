import * as z from "zod";
import { recipeOptionsSchema } from "../recipes/schema.ts";
import { channelsSchema } from "./channels-schema.ts";
import { responsesSchema } from "./responses-schema.ts";
import { ignoredSchema, limitsSchema, routeSchema } from "./route-schema.ts";
import { webhooksSchema } from "./webhooks-schema.ts";

/** Description of a field in docs/configuration.md, next to its type and default. */
interface FieldDescription {
  readonly description: string;
  readonly unit?: string;
  /** For a default that is not in the schema. */
  readonly defaultDescription?: string;
}

/** Registers a description for each field of the shape. A missing or unknown field is a type error. */
const describeFields = <Name extends string>(
  shape: Readonly<Record<Name, z.core.$ZodType>>,
  descriptions: Readonly<Record<NoInfer<Name>, string | FieldDescription>>,
): void => {
  const entries: Readonly<Record<string, string | FieldDescription>> = descriptions;
  for (const [name, schema] of Object.entries<z.core.$ZodType>(shape)) {
    const entry = entries[name];
    z.globalRegistry.add(schema, typeof entry === "object" ? { ...entry } : { description: entry });
  }
};

// The functions' bundles contain these schemas, so the descriptions are kept separate.
ignoredSchema.register(z.globalRegistry, {
  description: "Uploads that never become a job.",
});
describeFields(ignoredSchema.def.innerType.shape, {
  prefixes: "Prefixes of keys, each ending in a slash.",
  extensions: "Extensions in lower case, without the dot.",
});

limitsSchema.register(z.globalRegistry, {
  description: "Limits on cost and on a single source. See [Limits](limits.md).",
});
describeFields(limitsSchema.def.innerType.shape, {
  maxJobsPerHour: { description: "Jobs that start per clock hour (UTC); more wait.", unit: "jobs" },
  maxSourceMinutes: { description: "Duration of a source.", unit: "minutes" },
  maxSourceBytes: { description: "Size of a source.", unit: "bytes" },
  maxVideoPixels: {
    description: "Size of a video frame, width × height. The default is 8192 × 4320.",
    unit: "pixels",
  },
  maxImagePixels: { description: "Size of an image, width × height.", unit: "pixels" },
  retryBackoffSeconds: {
    description:
      "Delay before the second attempt of a job. The delay before the third is four times as long.",
    unit: "seconds",
  },
});

responsesSchema.register(z.globalRegistry, {
  description:
    "Videos that people send with `GET /presignedurl/{project}/{step}`. See [Responses](responses.md).",
});
describeFields(responsesSchema.def.innerType.shape, {
  access:
    "Who may request the upload of a response. `authenticated`: callers with a session or a token with scope `write`. `open`: everyone.",
  maxBytes: { description: "Size of a video.", unit: "bytes" },
  maxRequestsPerMinute: {
    description: "Requests of one client address per minute, with access `open`.",
    unit: "requests",
  },
});

webhooksSchema.register(z.globalRegistry, {
  description:
    "HTTP endpoints that receive signed events of finished jobs and of channels. See [Webhooks](webhooks.md).",
});
describeFields(webhooksSchema.def.innerType.def.element.shape, {
  name: "Unique name: 1–32 of a–z, 0–9 and single `-`, beginning with a letter and not ending in `-dlq`. It names the queue, and it is part of `webhook-id`.",
  url: 'URL of the endpoint: `https` and a host name, without a user name and a password. With `stages: ["local"]`, also `http` on loopback.',
  secret:
    "Name of the secret in AWS Secrets Manager whose value signs the deliveries. On one machine the value is in the file `.reelway/webhook-secrets/NAME` with the name of the webhook.",
  events: "Events to deliver.",
  stages:
    "Stages that deliver to this endpoint; `local` is the runtime on one machine. Without it: every stage on AWS.",
});

channelsSchema.register(z.globalRegistry, {
  description: "Live channels that are watched for labels. See [Highlights](highlights.md).",
});
const channel = channelsSchema.def.innerType.def.element.shape;
describeFields(channel, {
  name: "Unique name: 1–32 of a–z, 0–9 and single `-`, beginning with a letter. Records and archive belong to it, so a renamed channel is a new channel.",
  manifestUrl:
    'URL of the HLS multivariant or media playlist: `https` and a host name, without a user name and a password. With `stages: ["local"]`, also `http` on loopback.',
  stages:
    "Stages that watch the channel; `local` is the runtime on one machine. Without it: every stage on AWS.",
  allowedHosts:
    "Further hosts that its playlists, segments and keys may come from: `cdn.example.com`, `*.example.com`, each with or without a port. The host of `manifestUrl` is always allowed.",
  detector: {
    description:
      "What finds labels in frames. `human` and `recorded` run on one machine only; there, `rekognition` uses the credentials of the environment. See [Detectors](highlights.md#detectors).",
    defaultDescription: "`rekognition` on AWS, `human` on one machine",
  },
  recordedDetections: {
    description: "Path of the JSON file with the detections, for detector `recorded`.",
    defaultDescription: "required with `recorded`",
  },
  clipLabels: "Labels whose appearances are listed and clipped. Case does not matter.",
  listLabels:
    "`all`, or the labels that `GET /channels/{name}/labels` lists. They have no appearances and no clips. A label of `clipLabels` needs no entry here.",
  minConfidence: {
    description: "Confidence below which a label counts as absent.",
    unit: "percent",
    defaultDescription: "80 with `rekognition`, else 40",
  },
  sceneThreshold:
    "Change of a frame from the one before, as ffmpeg's scene score counts it, above which the frame is a candidate. Lower values find more frames.",
  maxGapSeconds: {
    description: "Longest time without a candidate frame. It bounds how short an appearance can be missed.",
    unit: "seconds",
  },
  absentFrames: {
    description: "Candidate frames without the label that end its appearance.",
    unit: "frames",
  },
  celebrities: "Whether celebrities are recognized too. It doubles the price of a detection.",
  paddingSeconds: { description: "Time before and after an appearance in its clip.", unit: "seconds" },
  retentionDays: {
    description: "How long segments, detections, labels and appearances are kept. Clips are kept.",
    unit: "days",
  },
  maxDetectionsPerHour: {
    description:
      "Detections per clock hour (UTC). At a cap, detection stops until the next hour or day, and the archive continues.",
    unit: "detections",
  },
  maxUsdPerDay: {
    description:
      "Price of the detections per day (UTC). The cap that is reached first counts: the defaults allow 1,000 detections in an hour and 10,000 in a day, 5,000 with celebrities.",
    unit: "US dollars",
  },
  cut: "`frame`: clips are encoded and cut to the frame. `keyframe`: clips are copied and begin at the keyframe before the appearance.",
  clipper:
    "What makes the clips: `worker`, or `{ elementalDelta }` with the settings of [AWS Elemental Delta](#elementaldelta).",
  intervalMinutes: {
    description:
      "Minutes between the starts of the watcher. A higher value costs less; the playlist must then list the segments of that time.",
    unit: "minutes",
  },
  activeHours: {
    description: "Hours of the day at which the channel is watched. See [`activeHours`](#activehours).",
    defaultDescription: "all day",
  },
  memoryMiB: {
    description: "Memory of the channel's watcher. Its CPU grows with it: one CPU at 1,769 MiB.",
    unit: "MiB",
  },
});
describeFields(channel.activeHours.def.innerType.shape, {
  from: { description: "First hour of the day. A value above `to` includes midnight.", unit: "hour" },
  to: { description: "Hour of the day at which the watcher stops.", unit: "hour" },
  timeZone: "Time zone of the IANA database, e.g. `Europe/Berlin`. Daylight saving time is respected.",
});
describeFields(channel.clipper.def.innerType.def.options[1].shape.elementalDelta.shape, {
  endpoint: "URL of the server, e.g. `https://delta.example.com`.",
  user: "User of its REST API.",
  secret: "Name of the secret in AWS Secrets Manager with the user's API key.",
  contentId: "Id of the live content that the channel shows.",
});

const [ffmpegRoute, transcoderRoute] = routeSchema.def.options;
const routeDescriptions = {
  name: "Unique name: 1–32 of a–z, 0–9 and `-`, beginning with a letter. The job id includes it, so a renamed route is a new route.",
  prefix:
    "Prefix of the keys: empty, or without a leading and with a trailing slash. The longest matching prefix wins.",
  extensions:
    "Extensions of the keys, in lower case and without the dot. Uppercase extensions of uploads match too.",
  trigger:
    "`lambda`: the router function creates and starts the job. `eventbridge`: an EventBridge rule starts the task directly; only with engine `ffmpeg`, and no other route may have a prefix that begins with this one.",
  outputs: "Templates of the output keys. See [Output keys](routes.md#output-keys).",
} as const;
describeFields(ffmpegRoute.shape, {
  ...routeDescriptions,
  engine: "Engine that processes the upload.",
  recipe: "Recipe and its options. See [Recipes](#recipes).",
});
describeFields(transcoderRoute.shape, {
  ...routeDescriptions,
  engine: "Engine that processes the upload.",
  preset: "Id of a system preset of Elastic Transcoder, or a retired id.",
});

const [thumbnail, watermark, image, ladder, audio, clip, frames, transcode] = recipeOptionsSchema.def.options;
const name = "Name of the recipe.";
describeFields(thumbnail.shape, {
  name,
  at: "Position of the frame: `{ seconds }` or `{ percent }`. A position beyond the end of the source is moved to its end.",
});
const maxFrameRate = {
  description:
    "Maximum frame rate. A higher one is divided evenly, e.g. 100 to 50. See [Frame rate](routes.md#frame-rate-and-timing).",
  unit: "frames per second",
};
describeFields(watermark.shape, {
  name,
  image:
    "Key of the watermark image in the input bucket. The upload's metadata `watermark` overrides it; that of a user may name an image in the same folder, or one of the user's own.",
  position: "Corner of the frame, or its center.",
  scale: { description: "Width of the watermark.", unit: "share of the frame's width" },
  margin: { description: "Distance from the edges.", unit: "share of the frame's shorter side" },
  opacity: "0 is transparent, 1 is opaque.",
  maxFrameRate,
});
describeFields(image.shape, {
  name,
  maxWidth: { description: "Maximum width. Images are never enlarged.", unit: "pixels" },
  maxHeight: { description: "Maximum height.", unit: "pixels" },
  quality:
    "Quality of JPEG and WebP, as their encoders count it. AVIF gets a lower number of the same visual quality.",
  colorProfile:
    "`srgb` converts colors to sRGB by the image's ICC profile. `keep` keeps the profile and the colors of an RGB image; others are converted.",
  animation:
    "`first-frame` makes a still image of an animation. `keep` keeps all frames of a GIF or WebP animation in WebP outputs; others have the first frame.",
});
const loudnessLufs = {
  description: "Integrated loudness of the output, with `normalizeLoudness`.",
  unit: "LUFS",
};
describeFields(ladder.shape, {
  name,
  heights: {
    description:
      "Heights of the renditions; for portrait video, their widths. Those above the source's are left out; if all are, the rendition has the source's.",
    unit: "pixels",
  },
  segmentSeconds: { description: "Duration of a segment.", unit: "seconds" },
  spriteIntervalSeconds: {
    description:
      "Interval between the frames of the sprite sheet. It is longer where there would be more than 100 frames.",
    unit: "seconds",
  },
  normalizeLoudness:
    "Gives each audio track the loudness `loudnessLufs`, with a true peak of at most -1.5 dBTP. `false` keeps the loudness of the source.",
  loudnessLufs,
  maxFrameRate,
});
describeFields(audio.shape, {
  name,
  bitRateKbps: { description: "Bit rate of the AAC stream.", unit: "kbit/s" },
  normalizeLoudness:
    "Gives the audio the loudness `loudnessLufs`, with a true peak of at most -1.5 dBTP. `false` keeps the loudness of the source.",
  loudnessLufs,
});
describeFields(clip.shape, {
  name,
  start: "Start of the clip: `{ seconds }` or `{ percent }`.",
  origin:
    "What `start` counts from: `source`, the earliest track of the source, or `first-frame`, its first video frame.",
  cut: "`frame`: exact to the frame, encoded as H.264 and AAC. `keyframe`: from the keyframe at or before the start, without encoding; H.264, HEVC and AAC only.",
  durationSeconds: { description: "Duration of the clip.", unit: "seconds" },
  maxFrameRate,
});
describeFields(frames.shape, {
  name,
  everySeconds: { description: "Interval between frames.", unit: "seconds" },
  maxWidth: { description: "Maximum width.", unit: "pixels" },
  maxHeight: { description: "Maximum height.", unit: "pixels" },
  format: "Format of the images.",
});
describeFields(transcode.shape, {
  name,
  preset: "Id of a system preset of Elastic Transcoder, or a retired id.",
});
