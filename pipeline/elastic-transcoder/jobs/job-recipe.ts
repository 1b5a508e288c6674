import type { TranscodeOutput, TranscodeRecipe } from "../transcode/transcode-recipe.ts";
import { fullKey } from "./ends.ts";
import type { TranscoderJob, TranscoderOutput } from "./job.ts";
import { clipOf, type TimeSpan } from "./time-span.ts";

/** Seconds of a segment in an HLS playlist where the job does not say: Apple's old target duration. */
const usualSegment = 10;

const clip = (span: TimeSpan | undefined): Pick<TranscodeOutput, "clip"> => {
  if (span?.StartTime === undefined && span?.Duration === undefined) return {};
  const { start, duration } = clipOf(span);
  return { clip: duration === undefined ? { start } : { start, duration } };
};

const segments = (job: TranscoderJob, { key, preset, segmentDuration }: TranscoderOutput) => {
  if (segmentDuration !== undefined) return { segmentSeconds: Number(segmentDuration) };
  const listed = job.playlists.some(({ outputKeys }) => outputKeys.includes(key));
  return listed && (preset.Container === "ts" || preset.Container === "fmp4")
    ? { segmentSeconds: usualSegment }
    : {};
};

/** What the worker makes of a job of the transcoder service, with whole keys. */
export const jobRecipe = (job: TranscoderJob): TranscodeRecipe => ({
  name: "transcode",
  outputs: job.outputs.map((output) => ({
    key: fullKey(job, output.key),
    preset: output.preset,
    rotate: output.rotate,
    ...(output.thumbnailPattern === "" ? {} : { thumbnailPattern: fullKey(job, output.thumbnailPattern) }),
    ...(output.watermarks.length === 0 ? {} : { watermarks: output.watermarks }),
    ...segments(job, output),
    ...clip(output.timeSpan ?? job.timeSpan),
  })),
  playlists: job.playlists.map(({ name, format, outputKeys }) => ({
    name: fullKey(job, name),
    format,
    outputKeys: outputKeys.map((key) => fullKey(job, key)),
  })),
});
