import type { Deployment } from "../../modules/names.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";

/**
 * Finds the settings of a stage in the configuration.
 *
 * @throws UsageError for an unknown stage
 */
export const findDeployment = ({ project, stages }: Configuration, stage: string): Deployment => {
  const settings = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (settings !== undefined) return { ...settings, project, stage };
  const availableStages = Object.keys(stages).join(", ");
  throw new UsageError(`Stage ${stage} does not exist. Available stages: ${availableStages || "none"}.`);
};
