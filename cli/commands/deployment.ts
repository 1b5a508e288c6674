import { type Deployment, deploymentNames } from "../../modules/names.ts";
import { WrongUsage } from "../../pipeline/errors/user-error.ts";
import { readConfiguration } from "../configuration.ts";

/**
 * What the configuration says of a stage.
 *
 * @throws WrongUsage for a stage that it does not name
 */
export const readDeployment = async (stage: string) => {
  const { project, stages } = await readConfiguration();
  const settings = stages[stage];
  if (settings === undefined)
    throw new WrongUsage(
      `There is no stage ${stage}. There is: ${Object.keys(stages).join(", ") || "none"}.`,
    );
  const deployment: Deployment = { project, stage, ...settings };
  return { deployment, names: deploymentNames(deployment) };
};
