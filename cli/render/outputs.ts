import type { JobOutput } from "../../pipeline/attempts/report.ts";
import { formatBytes, formatSeconds } from "../../pipeline/text/format.ts";
import { getContentType } from "../../pipeline/uploads/content-type.ts";

/** Duration of an output in seconds; undefined for still images, even if ffprobe reports one. */
export const getOutputSeconds = ({ key, durationSeconds }: JobOutput): number | undefined =>
  /^image\/(?!gif)/.test(getContentType(key)) ? undefined : durationSeconds;

/** Describes an output in one line: `1.2 MB · 4.0 s · 1280×720 · h264, aac`. */
export const describeOutput = (output: JobOutput): string => {
  const { bytes, width, height, videoCodec, audioCodec } = output;
  const codecs = [videoCodec, audioCodec].filter((codec) => codec !== undefined).join(", ");
  const durationSeconds = getOutputSeconds(output);
  return [
    formatBytes(bytes),
    durationSeconds === undefined ? "" : formatSeconds(durationSeconds),
    width === undefined || height === undefined ? "" : `${width}×${height}`,
    codecs,
  ]
    .filter((part) => part !== "")
    .join(" · ");
};
