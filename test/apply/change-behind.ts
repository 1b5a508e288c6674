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

/** What came of changing a repository behind Terraform's back. */
export interface ChangedBehind {
  readonly drift: readonly StackDrift[];
  /** What applying threw after one more change than was reviewed. */
  readonly refusal: unknown;
  /** The repository once that was refused. */
  readonly refused: Repository | undefined;
  /** What applying did once all of it had been reviewed. */
  readonly applied: ApplyStageResult;
  /** The repository after that. */
  readonly restored: Repository | undefined;
}

/** Changes the registry by hand, looks for it, has it reviewed, changes more, and has it taken back. */
export const changeBehind = async (stage: Stage): Promise<ChangedBehind> => {
  const registry = [stage.stack("registry")];
  const options = { open: stage.open };
  const ecr = new ECRClient(stage.moto.client);
  const repository = { repositoryName: stage.names.imageRepository };
  const review = async () =>
    buildSummary(
      { stage: "dev", commit: undefined, run: undefined },
      (await planStage(registry, options)).map(summariseStack),
    );
  const look = async () =>
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
  const refused = await look();
  const applied = await applyStage(registry, await review(), options);
  return { drift, refusal, refused, applied, restored: await look() };
};
