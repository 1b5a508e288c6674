import * as z from "zod";
import { recipeOptionsSchema } from "../recipes/schema.ts";
import { responsesSchema } from "./responses-schema.ts";
import { ignoredSchema, limitsSchema, routeSchema } from "./route-schema.ts";
import { webhooksSchema } from "./webhooks-schema.ts";

/** Description of a field in docs/configuration.md, next to its type and default. */
interface FieldDescription {
  readonly description: string;
  readonly unit?: string;
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
  maxJobsPerHour: { description: "New jobs per clock hour (UTC).", unit: "jobs" },
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
  description: "HTTP endpoints that receive signed events of finished jobs. See [Webhooks](webhooks.md).",
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
