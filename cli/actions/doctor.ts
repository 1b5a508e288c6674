import type { DoctorTarget } from "../../runtime/doctor/check.ts";
import { runChecks } from "../../runtime/doctor/doctor.ts";
import { renderChecks } from "../render/checks.ts";

/** Options of `reelway doctor`. */
export interface DoctorOptions extends DoctorTarget {
  readonly json?: true;
}

/** Checks this machine and prints the results. */
export const runDoctor = async ({ json, ...target }: DoctorOptions): Promise<void> => {
  const checks = await runChecks(target);
  const isColored = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(json ? `${JSON.stringify({ checks }, null, 2)}\n` : renderChecks(checks, isColored));
  if (checks.some(({ status }) => status === "failure")) process.exitCode = 1;
};
