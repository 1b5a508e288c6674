import type { Construct } from "constructs";
import { EcsCluster } from "#aws/ecs-cluster";
import { EcsClusterCapacityProviders } from "#aws/ecs-cluster-capacity-providers";
import { TerraformVariable } from "#cdktf";
import { grantRead, grantReadWrite, grantWrite } from "../modules/grants.ts";
import type { Deployment } from "../modules/names.ts";
import { WorkerNetwork } from "../modules/network.ts";
import { StageStack } from "../modules/stack.ts";
import { buildImageUri, type WorkerImage } from "../modules/worker-image.ts";
import { WorkerTask } from "../modules/worker-task.ts";
import type { JobConfiguration } from "../pipeline/configuration/configuration.ts";
import { serializeJobConfiguration } from "../pipeline/configuration/job-configuration.ts";
import { findLargestTaskSize } from "../pipeline/routing/task-sizes.ts";

/**
 * Creates the compute stack: network, cluster and the worker's task definition.
 *
 * @param configuration for workers of routes with the trigger `eventbridge`
 */
export const createComputeStack = (
  scope: Construct,
  deployment: Deployment,
  configuration: JobConfiguration,
  image: WorkerImage,
): StageStack => {
  const stack = new StageStack(scope, deployment, "compute");
  const { names, arns } = stack;
  const { region, inputBucket, outputBucket, worker } = deployment;
  const network = new WorkerNetwork(stack, "network", { name: names.cluster, access: deployment.network });
  const cluster = new EcsCluster(stack, "cluster", {
    name: names.cluster,
    setting: [{ name: "containerInsights", value: "enabled" }],
  });
  new EcsClusterCapacityProviders(stack, "capacity", {
    clusterName: cluster.name,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    defaultCapacityProviderStrategy: [{ capacityProvider: worker.capacityProvider, weight: 1 }],
  });
  new WorkerTask(stack, "worker", {
    name: names.workerTaskFamily,
    image:
      buildImageUri(image, `${arns.account}.dkr.ecr.${region}.amazonaws.com/${names.imageRepository}`) ??
      addWorkerImageVariable(stack),
    repository: names.imageRepository,
    ...findLargestTaskSize(configuration.taskSizes),
    scratchGiB: worker.scratchGiB,
    architecture: worker.architecture,
    environment: {
      OBJECT_STORE: "s3",
      JOBS_TABLE: names.jobsTable,
      TRANSCODER_TABLE: names.transcoderTable,
      SCRATCH: "/scratch",
      CONFIGURATION: serializeJobConfiguration(configuration),
      OWN_BUCKETS: [inputBucket, outputBucket].join(","),
    },
    permissions: [
      ...grantRead(inputBucket),
      ...grantWrite(outputBucket),
      ...grantReadWrite(stack, names.jobsTable, ["GetItem", "PutItem", "UpdateItem"]),
      ...grantReadWrite(stack, names.transcoderTable, ["UpdateItem"]),
      {
        actions: ["kms:Decrypt", "kms:GenerateDataKey"],
        resources: [stack.keyArn, ...deployment.mediaKmsKeyArns],
      },
      ...(deployment.pipelineRoleArns.length === 0
        ? []
        : [{ actions: ["sts:AssumeRole"], resources: deployment.pipelineRoleArns }]),
    ],
  });
  stack.exportOutput({
    subnet_ids: network.subnetIds.join(","),
    task_security_group_id: network.taskSecurityGroupId,
  });
  return stack;
};

/** Adds a variable for the image, used while the image record has no digest. */
const addWorkerImageVariable = (stack: StageStack): string =>
  new TerraformVariable(stack, "worker_image", {
    type: "string",
    description: "URI@DIGEST of the worker's image. To build it and record its digest: npx reelway image",
    validation: [
      {
        condition: `\${can(regex("@sha256:[0-9a-f]{64}$", var.worker_image))}`,
        errorMessage: "The worker's image must have a digest: URI@sha256:….",
      },
    ],
  }).stringValue;
