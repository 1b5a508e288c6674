import type { TranscodeOutput, TranscodeRecipe } from "../transcode/transcode-recipe.ts";
import type { TranscoderJob, TranscoderOutput } from "./job.ts";
import { buildFullKey } from "./job-outcome.ts";
import { parseTimeSpan, type TimeSpan } from "./time-span.ts";

/** Default segment duration in an HLS playlist: Apple's former target duration. */
const defaultSegmentSeconds = 10;

const buildClip = (span: TimeSpan | undefined): Pick<TranscodeOutput, "clip"> => {
  if (span?.StartTime === undefined && span?.Duration === undefined) return {};
  const { startSeconds, durationSeconds } = parseTimeSpan(span);
  return { clip: durationSeconds === undefined ? { startSeconds } : { startSeconds, durationSeconds } };
};

const buildSegmentOptions = (job: TranscoderJob, { key, preset, segmentDuration }: TranscoderOutput) => {
  if (segmentDuration !== undefined) return { segmentSeconds: Number(segmentDuration) };
  const isListed = job.playlists.some(({ outputKeys }) => outputKeys.includes(key));
  return isListed && (preset.Container === "ts" || preset.Container === "fmp4")
    ? { segmentSeconds: defaultSegmentSeconds }
    : {};
};

/** Converts a transcoder job into the worker's recipe, with full keys. */
export const buildJobRecipe = (job: TranscoderJob): TranscodeRecipe => ({
  name: "transcode",
  outputs: job.outputs.map((output) => ({
    key: buildFullKey(job, output.key),
    preset: output.preset,
    rotate: output.rotate,
    ...(output.thumbnailPattern === ""
      ? {}
      : { thumbnailPattern: buildFullKey(job, output.thumbnailPattern) }),
    ...(output.watermarks.length === 0 ? {} : { watermarks: output.watermarks }),
    ...buildSegmentOptions(job, output),
    ...buildClip(output.timeSpan ?? job.timeSpan),
  })),
  playlists: job.playlists.map(({ name, format, outputKeys }) => ({
    name: buildFullKey(job, name),
    format,
    outputKeys: outputKeys.map((key) => buildFullKey(job, key)),
  })),
});
