import { readConfiguration } from "../../adapters/local/configuration-file.ts";
import { buildDeploymentNames } from "../../modules/names.ts";
import { findDeployment } from "../../terraform/deployment/find-deployment.ts";

/**
 * Reads a stage's settings from the configuration, with the names derived from them.
 *
 * @throws UsageError for a stage that the configuration does not have
 */
export const readDeployment = async (stage: string) => {
  const configuration = await readConfiguration();
  const deployment = findDeployment(configuration, stage);
  return { configuration, deployment, names: buildDeploymentNames(deployment) };
};
