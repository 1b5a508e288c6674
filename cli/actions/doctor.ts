import { selectChannels } from "../../pipeline/configuration/channels-schema.ts";
import { localStage } from "../../pipeline/configuration/selected-stages.ts";
import type { CheckResult } from "../../pipeline/text/check-result.ts";
import { runChecks } from "../../runtime/doctor/doctor.ts";
import type { DoctorTarget } from "../../runtime/doctor/doctor-target.ts";
import { readLocalConfiguration } from "../configuration.ts";
import { renderChecks } from "../render/checks.ts";

/** Options of `reelway doctor`. */
export interface DoctorOptions extends DoctorTarget {
  /** Checks this stage instead of this machine. */
  readonly stage?: string;
  /** False uses the existing synth output. */
  readonly synth: boolean;
  readonly json?: true;
}

/** The channels of this machine; none if the configuration cannot be read, which `reelway start` reports. */
const readChannels = async () => {
  const configuration = await readLocalConfiguration().catch(() => undefined);
  return configuration === undefined ? [] : selectChannels(configuration.channels, localStage);
};

const runMachineChecks = async (target: DoctorTarget): Promise<readonly CheckResult[]> =>
  runChecks({ ...target, channels: await readChannels() });

/** Checks this machine or a stage, and prints the results. */
export const runDoctor = async ({ stage, synth, json, ...target }: DoctorOptions): Promise<void> => {
  // Loads the clients of AWS only for a stage.
  const checks =
    stage === undefined
      ? await runMachineChecks(target)
      : await (await import("./doctor-stage.ts")).readAndCheckStage({ stage, synth });
  const isColored = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(json ? `${JSON.stringify({ checks }, null, 2)}\n` : renderChecks(checks, isColored));
  if (checks.some(({ status }) => status === "failure")) process.exitCode = 1;
};
