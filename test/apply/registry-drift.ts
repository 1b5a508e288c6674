import {
  DescribeRepositoriesCommand,
  ECRClient,
  PutImageScanningConfigurationCommand,
  PutImageTagMutabilityCommand,
  type Repository,
} from "@aws-sdk/client-ecr";
import { type ApplyStageResult, applyStage } from "../../terraform/pull-request/apply-stage.ts";
import { detectDrift, type StackDrift } from "../../terraform/pull-request/detect-drift.ts";
import { buildSummary } from "../../terraform/pull-request/plan-files.ts";
import { planStage } from "../../terraform/pull-request/plan-stage.ts";
import { summariseStack } from "../../terraform/pull-request/summary.ts";
import type { Stage } from "./stage.ts";

/** Results of changing a repository outside Terraform. */
export interface RegistryDriftResult {
  readonly drift: readonly StackDrift[];
  /** What the apply threw after one more change than was reviewed. */
  readonly refusal: unknown;
  /** The repository after the rejected apply. */
  readonly beforeApply: Repository | undefined;
  /** The result of the apply after a complete review. */
  readonly applied: ApplyStageResult;
  /** The repository after that apply. */
  readonly restored: Repository | undefined;
}

/** Changes the registry outside Terraform, detects and reviews the drift, changes more, and reverts all. */
export const causeRegistryDrift = async (stage: Stage): Promise<RegistryDriftResult> => {
  const registry = [stage.stack("registry")];
  const options = { open: stage.open };
  const ecr = new ECRClient(stage.moto.client);
  const repository = { repositoryName: stage.names.imageRepository };
  const review = async () =>
    buildSummary(
      { stage: "dev", commit: undefined, run: undefined },
      (await planStage(registry, options)).map(summariseStack),
    );
  const describeRepository = async () =>
    (await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repository.repositoryName] })))
      .repositories?.[0];

  await ecr.send(
    new PutImageScanningConfigurationCommand({
      ...repository,
      imageScanningConfiguration: { scanOnPush: false },
    }),
  );
  const drift = await detectDrift(registry, options);
  const reviewed = await review();
  await ecr.send(new PutImageTagMutabilityCommand({ ...repository, imageTagMutability: "MUTABLE" }));
  const refusal: unknown = await applyStage(registry, reviewed, options).catch((cause: unknown) => cause);
  const beforeApply = await describeRepository();
  const applied = await applyStage(registry, await review(), options);
  return { drift, refusal, beforeApply, applied, restored: await describeRepository() };
};
