import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as z from "zod";

const reportSchema = z.object({
  code: z.number(),
  /** Seconds. */
  wallSeconds: z.number(),
  /** CPU time of the program and its children. */
  cpuSeconds: z.number(),
  /** Peak resident memory of the program itself. */
  peakBytes: z.number(),
});
/** Measurement of one program run. */
export type Measurement = z.infer<typeof reportSchema>;

const program = fileURLToPath(new URL("programs/measure.cjs", import.meta.url));

/**
 * Runs a program and measures it.
 *
 * @throws Error with the program's standard error if it fails
 */
export const measure = async (
  command: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<Measurement & { readonly log: string }> => {
  const report = join(tmpdir(), `reelway-measure-${randomUUID()}`);
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program, report, ...command], {
      ...options,
      maxBuffer: 64 << 20,
    });
    const measurement = reportSchema.parse(JSON.parse(await readFile(report, "utf8")));
    if (measurement.code !== 0)
      throw new Error(`${command[0]} exited with ${measurement.code}: ${stderr.slice(-2000)}`);
    return { ...measurement, log: `${stdout}${stderr}` };
  } finally {
    await rm(report, { force: true });
  }
};

/** Returns a percentile: the smallest value that at least `percent` % of the values do not exceed. */
export const percentile = (values: readonly number[], percent: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil((values.length * percent) / 100) - 1] ?? Number.NaN;

/** Returns the median. */
export const median = (values: readonly number[]): number => percentile(values, 50);
