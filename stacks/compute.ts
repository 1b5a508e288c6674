import type { Construct } from "constructs";
import { EcsCluster } from "#aws/ecs-cluster";
import { EcsClusterCapacityProviders } from "#aws/ecs-cluster-capacity-providers";
import { BucketReference } from "../modules/bucket-reference.ts";
import { grantMediaKeys } from "../modules/media-keys.ts";
import { buildNamePrefix } from "../modules/names.ts";
import { WorkerNetwork } from "../modules/network.ts";
import { StageStack, type StageStackProps } from "../modules/stack.ts";
import { TableReference } from "../modules/table-reference.ts";
import type { WorkerImage } from "../modules/worker-image.ts";
import { assertTaskImage, findRepositoryArn, resolveWorkerImage } from "../modules/worker-image-uri.ts";
import { WorkerTask } from "../modules/worker-task.ts";
import { archivePrefix } from "../pipeline/configuration/channels-schema.ts";
import type { JobConfiguration } from "../pipeline/configuration/configuration.ts";
import { serializeJobConfiguration } from "../pipeline/configuration/job-configuration.ts";
import { findLargestTaskSize } from "../pipeline/routing/task-sizes.ts";

/**
 * Ephemeral storage that the image takes, compressed and unpacked (Amazon ECS developer guide, "Fargate task ephemeral
 * storage"), GiB.
 */
const imageGiB = 2;

/** Properties of `ComputeStack`. */
export interface ComputeStackProps extends StageStackProps {
  /** Routes and limits, for workers of routes with the trigger `eventbridge`. */
  readonly configuration: JobConfiguration;
  /** The worker's image: its repository and digest. */
  readonly image: WorkerImage;
}

/** Network, cluster and the worker's task definition. */
export class ComputeStack extends StageStack {
  constructor(scope: Construct, { deployment, configuration, image }: ComputeStackProps) {
    super(scope, "compute", { deployment });
    const { names } = this;
    const { inputBucket, outputBucket, worker } = deployment;
    assertTaskImage(deployment, image);
    const network = new WorkerNetwork(this, "network", { name: names.cluster, access: deployment.network });
    const cluster = new EcsCluster(this, "cluster", {
      name: names.cluster,
      setting: [{ name: "containerInsights", value: "enabled" }],
    });
    new EcsClusterCapacityProviders(this, "capacity", {
      clusterName: cluster.name,
      capacityProviders: ["FARGATE", "FARGATE_SPOT"],
      defaultCapacityProviderStrategy: [{ capacityProvider: worker.capacityProvider, weight: 1 }],
    });
    const { taskRole } = new WorkerTask(this, "worker", {
      name: names.workerTaskFamily,
      image: resolveWorkerImage(this, image),
      repositoryArn: findRepositoryArn(this, image),
      ...findLargestTaskSize(configuration.taskSizes),
      scratchGiB: worker.scratchGiB,
      architecture: worker.architecture,
      environment: {
        OBJECT_STORE: "s3",
        JOBS_TABLE: names.jobsTable,
        TRANSCODER_TABLE: names.transcoderTable,
        STAGE: buildNamePrefix(deployment),
        SCRATCH_DIRECTORY: "/scratch",
        CONFIGURATION: serializeJobConfiguration(configuration),
        STAGE_BUCKETS: [inputBucket, outputBucket].join(","),
        FFMPEG_TIMEOUT_SECONDS: String(Math.round(worker.maxRunHours * 3600)),
        MAX_SCRATCH_BYTES: String((worker.scratchGiB - imageGiB) * 2 ** 30),
      },
    });
    new BucketReference(this, "input-bucket", { name: inputBucket }).grantRead(taskRole);
    const outputObjects = new BucketReference(this, "output-bucket", { name: outputBucket });
    outputObjects.grantWrite(taskRole);
    // The sources of clips are in the archive of the stage's channels.
    if (deployment.channels?.length) outputObjects.grantRead(taskRole, [archivePrefix]);
    new TableReference(this, "jobs-table", { name: names.jobsTable }).grantReadWrite(taskRole, {
      calls: ["GetItem", "PutItem", "UpdateItem"],
    });
    new TableReference(this, "transcoder-table", { name: names.transcoderTable }).grantReadWrite(taskRole, {
      calls: ["GetItem", "PutItem", "UpdateItem"],
    });
    taskRole.addPermission({ actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [this.keyArn] });
    grantMediaKeys(taskRole, "write");
    if (deployment.pipelineRoleArns.length > 0)
      taskRole.addPermission({ actions: ["sts:AssumeRole"], resources: deployment.pipelineRoleArns });
    this.exportOutput({
      subnet_ids: network.subnetIds.join(","),
      task_security_group_id: network.taskSecurityGroupId,
    });
  }
}
