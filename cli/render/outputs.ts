import type { JobOutput } from "../../pipeline/job/job.ts";
import { formatBytes, formatSeconds } from "./format.ts";

/** An output's properties in one line: `1.2 MB · 4.0 s · 1280×720 · h264, aac`. */
export const describeOutput = (output: JobOutput): string => {
  const { bytes, durationSeconds, width, height, videoCodec, audioCodec } = output;
  const codecs = [videoCodec, audioCodec].filter((codec) => codec !== undefined).join(", ");
  return [
    formatBytes(bytes),
    durationSeconds === undefined ? "" : formatSeconds(durationSeconds),
    width === undefined || height === undefined ? "" : `${width}×${height}`,
    codecs,
  ]
    .filter((part) => part !== "")
    .join(" · ");
};
