import { selectChannels } from "../../pipeline/configuration/channels-schema.ts";
import { localStage } from "../../pipeline/configuration/selected-stages.ts";
import type { DoctorTarget } from "../../runtime/doctor/check.ts";
import { runChecks } from "../../runtime/doctor/doctor.ts";
import { readLocalConfiguration } from "../configuration.ts";
import { renderChecks } from "../render/checks.ts";

/** Options of `reelway doctor`. */
export interface DoctorOptions extends DoctorTarget {
  readonly json?: true;
}

/** The channels of this machine; none if the configuration cannot be read, which `reelway start` reports. */
const readChannels = async () => {
  const configuration = await readLocalConfiguration().catch(() => undefined);
  return configuration === undefined ? [] : selectChannels(configuration.channels, localStage);
};

/** Checks this machine and prints the results. */
export const runDoctor = async ({ json, ...target }: DoctorOptions): Promise<void> => {
  const checks = await runChecks({ ...target, channels: await readChannels() });
  const isColored = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(json ? `${JSON.stringify({ checks }, null, 2)}\n` : renderChecks(checks, isColored));
  if (checks.some(({ status }) => status === "failure")) process.exitCode = 1;
};
