import type { Construct } from "constructs";
import { EcsCluster } from "#aws/ecs-cluster";
import { EcsClusterCapacityProviders } from "#aws/ecs-cluster-capacity-providers";
import { TerraformOutput, type TerraformStack, TerraformVariable } from "#cdktf";
import { createArns } from "../modules/naming.ts";
import { PrivateNetwork } from "../modules/network.ts";
import { createStack } from "../modules/stack.ts";
import { WorkerTask } from "../modules/worker.ts";
import { workerPermissions } from "../modules/worker-permissions.ts";
import { type Deployment, deploymentNames } from "../pipeline/deployment/names.ts";

/**
 * Where work is done: network, cluster and the worker's task definition.
 *
 * @param configuration routes and limits as JSON, for workers that start without a Lambda
 */
export const computeStack = (
  scope: Construct,
  deployment: Deployment,
  configuration: string,
): TerraformStack => {
  const stack = createStack(scope, deployment, "compute");
  const names = deploymentNames(deployment);
  const arns = createArns(stack, deployment);
  const tag = new TerraformVariable(stack, "worker_image_tag", {
    type: "string",
    description: "Tag of the worker's image in the registry of this account",
  });
  const network = new PrivateNetwork(stack, "network", { name: names.cluster, region: deployment.region });
  const cluster = new EcsCluster(stack, "cluster", {
    name: names.cluster,
    setting: [{ name: "containerInsights", value: "enabled" }],
  });
  new EcsClusterCapacityProviders(stack, "capacity", {
    clusterName: cluster.name,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
  });
  new WorkerTask(stack, "worker", {
    name: names.worker,
    arns,
    region: deployment.region,
    repository: names.worker,
    tag: tag.stringValue,
    cpu: 2048,
    memory: 4096,
    scratch: 50,
    environment: {
      OBJECT_STORE: "s3",
      JOBS_TABLE: names.jobsTable,
      TRANSCODER_TABLE: names.transcoderTable,
      SCRATCH: "/scratch",
      CONFIGURATION: configuration,
    },
    permissions: workerPermissions(deployment, names, arns),
  });
  new TerraformOutput(stack, "subnet_ids", { value: network.subnetIds.join(","), staticId: true });
  new TerraformOutput(stack, "task_security_group_id", {
    value: network.taskSecurityGroupId,
    staticId: true,
  });
  return stack;
};
