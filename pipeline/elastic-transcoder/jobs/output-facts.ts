import type { TranscoderOutput } from "./job.ts";

const whole = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Math.round(value);

/** What was measured of a finished output, in the API's units. */
export const outputFacts = ({ result }: TranscoderOutput) => ({
  /** Seconds, rounded. */
  duration: whole(result?.durationSeconds),
  durationMillis: whole(result?.durationSeconds === undefined ? undefined : result.durationSeconds * 1000),
  width: result?.width,
  height: result?.height,
  /** e.g. `29.97` */
  frameRate: result?.frameRate === undefined ? undefined : String(Math.round(result.frameRate * 100) / 100),
  /** Bytes. */
  fileSize: result?.bytes,
});
