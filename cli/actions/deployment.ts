import { readConfiguration } from "../../adapters/local/configuration-file.ts";
import { buildDeploymentNames, type Deployment } from "../../modules/names.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";

/**
 * Reads a stage's settings from the configuration, with the names derived from them.
 *
 * @throws UsageError for a stage that the configuration does not have
 */
export const readDeployment = async (stage: string) => {
  const configuration = await readConfiguration();
  const { project, stages } = configuration;
  const settings = stages[stage];
  if (settings === undefined)
    throw new UsageError(
      `Stage ${stage} does not exist. Available stages: ${Object.keys(stages).join(", ") || "none"}.`,
    );
  const deployment: Deployment = { project, stage, ...settings };
  return { configuration, deployment, names: buildDeploymentNames(deployment) };
};
