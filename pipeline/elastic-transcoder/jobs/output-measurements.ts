import type { TranscoderOutput } from "./job.ts";

const roundOptional = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value);

/** Measurements of a complete output, in the API's units. */
export const measureOutput = ({ result }: TranscoderOutput) => ({
  /** Seconds, rounded. */
  duration: roundOptional(result?.durationSeconds),
  durationMillis: roundOptional(
    result?.durationSeconds === undefined ? undefined : result.durationSeconds * 1000,
  ),
  width: result?.width,
  height: result?.height,
  /** e.g. `29.97` */
  frameRate: result?.frameRate === undefined ? undefined : String(Math.round(result.frameRate * 100) / 100),
  /** Bytes. */
  fileSize: result?.bytes,
});
