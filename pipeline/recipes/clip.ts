import { JobFailure } from "../job/error.ts";
import { demuxersFor } from "../media/demuxers.ts";
import { evenSize, pictureFilters } from "../media/geometry.ts";
import { inputArguments } from "../media/input-arguments.ts";
import { aacArguments, cleanArguments, h264Arguments, mediaSeconds, soleKey } from "./encode.ts";
import type { Plan, PlanContext } from "./plan.ts";
import type { ClipOptions } from "./recipe.ts";

/** A part of the source, exact to the frame, as H.264 and AAC in MP4. */
export function* clip(options: ClipOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const length = mediaSeconds(probe) ?? 0;
  const start = "seconds" in options.start ? options.start.seconds : (length * options.start.percent) / 100;
  if (start >= length)
    throw new JobFailure(
      4005,
      `The clip begins at ${start} s, but the source is ${length.toFixed(2)} s long.`,
    );
  const seconds = Math.min(options.durationSeconds, length - start);
  const { video, audio } = probe;
  const frame = video === undefined ? undefined : evenSize(video);
  const path = `${context.scratch}/clip.mp4`;
  yield {
    kind: "ffmpeg",
    stage: "cutting",
    weight: 1,
    seconds,
    arguments: [
      ...inputArguments(demuxersFor("clip"), context.limits.maxVideoPixels, {
        seekSeconds: start,
        durationSeconds: seconds,
      }),
      "-i",
      url,
      ...(video === undefined || frame === undefined
        ? []
        : [
            "-map",
            `0:${video.index}`,
            "-vf",
            [...pictureFilters(video, frame), "format=yuv420p"].join(","),
            ...h264Arguments(21),
          ]),
      ...(audio === undefined ? [] : ["-map", `0:${audio.index}`, ...aacArguments(160)]),
      ...cleanArguments,
      "-threads",
      String(context.threads),
      "-movflags",
      "+faststart",
      "-f",
      "mp4",
      path,
    ],
  };
  return [
    {
      path,
      key: soleKey(context.outputKeys, "clip"),
      contentType: video === undefined ? "audio/mp4" : "video/mp4",
      manifest: false,
      expect: {
        durationSeconds: seconds,
        video: frame === undefined ? "none" : { codec: "h264", ...frame },
        audio: audio === undefined ? "none" : { codec: "aac" },
      },
    },
  ];
}
