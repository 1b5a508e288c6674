import { aacArguments, cleanArguments, h264Arguments, mediaSeconds, soleKey } from "../encoding/encode.ts";
import { inputArguments } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { JobFailure } from "../errors/job-error.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { evenSize, pictureFilters } from "../media/geometry.ts";
import { steadyFilters } from "../media/steady-rate.ts";
import type { ClipOptions } from "./recipe.ts";

/** @throws JobFailure 4014 for a share of a length that the file does not say */
const startSeconds = ({ start }: ClipOptions, length: number | undefined): number => {
  if ("seconds" in start) return start.seconds;
  if (start.percent === 0) return 0;
  if (length === undefined)
    throw new JobFailure(
      4014,
      `The clip begins at ${start.percent} % of a source that does not say how long it is. Give its beginning in seconds.`,
    );
  return (length * start.percent) / 100;
};

/** A part of the source, exact to the frame, as H.264 and AAC in MP4. */
export function* clip(options: ClipOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const length = mediaSeconds(probe);
  const start = startSeconds(options, length);
  if (length !== undefined && start >= length)
    throw new JobFailure(
      4014,
      `The clip begins at ${start.toFixed(2)} s, but the source is ${length.toFixed(2)} s long. Let it begin earlier.`,
    );
  const seconds = Math.min(options.durationSeconds, length === undefined ? Infinity : length - start);
  const { video, audio } = probe;
  const frame = video === undefined ? undefined : evenSize(video);
  const path = `${context.scratch}/clip.mp4`;
  yield {
    kind: "ffmpeg",
    stage: "cutting",
    weight: 1,
    seconds,
    arguments: [
      ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, {
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
            [...steadyFilters(video), ...pictureFilters(video, frame), "format=yuv420p"].join(","),
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
        durationSeconds: length === undefined ? undefined : seconds,
        video: frame === undefined ? "none" : { codec: "h264", ...frame },
        audio: audio === undefined ? "none" : { codec: "aac" },
      },
    },
  ];
}
