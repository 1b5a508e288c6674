import { UserError } from "../../pipeline/errors/errors.ts";
import type { CheckResult } from "../../pipeline/text/check-result.ts";
import { runStageChecks } from "../../terraform/doctor/doctor-stage.ts";
import { openStageAccount } from "../../terraform/doctor/stage-account.ts";
import { readImageRecord } from "../../terraform/image/image-record.ts";
import { readStackResources } from "../../terraform/runner/stack-resources.ts";
import type { SynthesizedStack } from "../../terraform/runner/stacks.ts";
import { readDeployment } from "./deployment.ts";
import { readStageStacks, report, reportFindings, type StageOptions } from "./stage.ts";

/** A check of a stage failed before its deployment. */
export class FailedChecksError extends UserError {
  constructor(stage: string, count: number) {
    super(
      `The stage ${stage} was not changed: ${count === 1 ? "a check" : `${count} checks`} failed. Do what the ${count === 1 ? "line" : "lines"} with → say, or deploy without the checks: --no-doctor`,
    );
  }
}

/**
 * Checks a stage.
 *
 * @param stacks all synthesized stacks of the stage
 * @param needsImage false leaves out the check of the worker's image
 */
const checkStage = async (
  stage: string,
  stacks: readonly SynthesizedStack[],
  needsImage = true,
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
        ...(needsImage ? { image: await readImageRecord() } : {}),
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

/**
 * Checks a stage before its deployment and reports the findings.
 *
 * @throws FailedChecksError
 */
export const requireChecks = async (...args: Parameters<typeof checkStage>): Promise<void> => {
  const [stage] = args;
  report(`Checking the stage ${stage}`);
  const results = await checkStage(...args);
  reportFindings(results);
  const failureCount = results.filter(({ status }) => status === "failure").length;
  if (failureCount > 0) throw new FailedChecksError(stage, failureCount);
};
