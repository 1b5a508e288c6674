import type { CheckResult } from "../../pipeline/text/check-result.ts";
import { runStageChecks } from "../../terraform/doctor/doctor-stage.ts";
import { openStageAccount } from "../../terraform/doctor/stage-account.ts";
import { readImageRecord } from "../../terraform/image/image-record.ts";
import { readStackResources } from "../../terraform/runner/stack-resources.ts";
import type { SynthesizedStack } from "../../terraform/runner/stacks.ts";
import { readDeployment } from "./deployment.ts";
import { readStageStacks, type StageOptions } from "./stage.ts";

/** Checks a stage whose stacks are synthesized. */
export const checkStage = async (
  stage: string,
  stacks: readonly SynthesizedStack[],
): Promise<readonly CheckResult[]> => {
  const { configuration, deployment, names } = await readDeployment(stage);
  const account = openStageAccount({ region: deployment.region });
  try {
    return await runStageChecks(
      {
        deployment,
        names,
        taskSizes: configuration.taskSizes,
        resources: await readStackResources(stacks),
        image: await readImageRecord(),
      },
      account,
      process.cwd(),
    );
  } finally {
    account.close();
  }
};

/** Synthesizes a stage and checks it. */
export const readAndCheckStage = async (options: StageOptions): Promise<readonly CheckResult[]> =>
  checkStage(options.stage, await readStageStacks(options));
