import { getOutputSeconds } from "../../pipeline/api/job-document.ts";
import { formatBytes, formatSeconds } from "../../pipeline/text/format.ts";

/** An output as a job's record or its document has it. */
interface DisplayedOutput {
  readonly key: string;
  readonly bytes: number;
  readonly durationSeconds?: number | null;
  readonly width?: number | null;
  readonly height?: number | null;
  readonly videoCodec?: string | null;
  readonly audioCodec?: string | null;
}

/** Describes an output in one line: `1.2 MB · 4.0 s · 1280×720 · h264, aac`. */
export const describeOutput = (output: DisplayedOutput): string => {
  const { bytes, videoCodec, audioCodec } = output;
  const codecs = [videoCodec ?? "", audioCodec ?? ""].filter((codec) => codec !== "").join(", ");
  const durationSeconds = getOutputSeconds(output) ?? undefined;
  const width = output.width ?? undefined;
  const height = output.height ?? undefined;
  return [
    formatBytes(bytes),
    durationSeconds === undefined ? "" : formatSeconds(durationSeconds),
    width === undefined || height === undefined ? "" : `${width}×${height}`,
    codecs,
  ]
    .filter((part) => part !== "")
    .join(" · ");
};
