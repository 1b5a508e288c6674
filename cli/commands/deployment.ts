import { buildDeploymentNames, type Deployment } from "../../modules/names.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { readConfiguration } from "../configuration.ts";

/**
 * What the configuration says of a stage.
 *
 * @throws UsageError for a stage that it does not name
 */
export const readDeployment = async (stage: string) => {
  const { project, stages } = await readConfiguration();
  const settings = stages[stage];
  if (settings === undefined)
    throw new UsageError(
      `There is no stage ${stage}. There is: ${Object.keys(stages).join(", ") || "none"}.`,
    );
  const deployment: Deployment = { project, stage, ...settings };
  return { deployment, names: buildDeploymentNames(deployment) };
};
