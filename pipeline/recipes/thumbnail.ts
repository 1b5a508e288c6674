import { pictureSeconds, requirePicture, soleKey } from "../encoding/encode.ts";
import { inputArguments } from "../encoding/input-arguments.ts";
import type { FfmpegStep, Plan, PlanContext } from "../encoding/plan.ts";
import { JobFailure } from "../errors/job-error.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { pictureFilters } from "../media/geometry.ts";
import type { Probe } from "../media/probe.ts";
import type { Moment, ThumbnailOptions } from "./recipe.ts";

/**
 * A moment of a source in seconds, at most a tenth of a second (or two frames) before its end. Where the file does
 * not say how long it is, seconds are taken as they are and a share of the length is its beginning.
 */
export const momentSeconds = (moment: Moment, probe: Probe): number => {
  const length = pictureSeconds(probe);
  if (length === undefined) return "seconds" in moment ? moment.seconds : 0;
  const wanted = "seconds" in moment ? moment.seconds : (length * moment.percent) / 100;
  const last = length - Math.max(0.1, 2 / (probe.video?.frameRate ?? 25));
  return Math.max(0, Math.min(wanted, last));
};

/** One picture of the source, read from the keyframe before it alone. */
const pictureStep = (
  context: PlanContext,
  seconds: number,
  filters: readonly string[],
  path: string,
  exact: boolean,
): FfmpegStep => ({
  kind: "ffmpeg",
  stage: "thumbnail",
  weight: 1,
  arguments: [
    "-threads",
    String(context.threads),
    ...(exact ? [] : ["-noaccurate_seek"]),
    ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, { seekSeconds: seconds }),
    "-i",
    context.source.url,
    "-map",
    `0:${context.source.probe.video?.index ?? "v:0"}`,
    "-frames:v",
    "1",
    "-vf",
    filters.join(","),
    "-f",
    "image2",
    "-update",
    "1",
    path,
  ],
});

const madeNothing = /Output file is empty|nothing was encoded/i;

/**
 * Takes one picture; where the moment lies behind the last frame, the keyframe before it, or the first picture of a
 * source that does not say how long it is.
 *
 * @throws JobFailure 4002 where there is none either
 */
export function* takePicture(
  context: PlanContext,
  seconds: number,
  filters: readonly string[],
  path: string,
): Generator<FfmpegStep, void, { readonly log: string }> {
  const { log } = yield pictureStep(context, seconds, filters, path, true);
  if (!madeNothing.test(log)) return;
  const last = pictureSeconds(context.source.probe) === undefined ? 0 : seconds;
  const again = yield pictureStep(context, last, filters, path, false);
  if (madeNothing.test(again.log))
    throw new JobFailure(
      4002,
      `There is no picture at ${seconds.toFixed(2)} s, though the file says it is longer: it is cut short. Upload the whole file again.`,
    );
}

/** One PNG of the moment asked for, upright and of square pixels. */
export function* thumbnail(options: ThumbnailOptions, context: PlanContext): Plan {
  const { probe } = context.source;
  const video = requirePicture(probe, "thumbnail");
  const path = `${context.scratch}/thumbnail.png`;
  const filters = [...pictureFilters(video, video), "format=rgb24"];
  yield* takePicture(context, momentSeconds(options.at, probe), filters, path);
  return [
    {
      path,
      key: soleKey(context.outputKeys, "thumbnail"),
      contentType: "image/png",
      manifest: false,
      expect: { video: { codec: "png", width: video.width, height: video.height } },
    },
  ];
}
