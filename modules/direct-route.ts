import { Construct } from "constructs";
import { CloudwatchEventRule } from "#aws/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "#aws/cloudwatch-event-target";
import { Fn } from "#cdktf";
import type { DirectEnvironment } from "../pipeline/environment/worker.ts";
import { matchCreatedObjects } from "./event-patterns.ts";
import { buildResourceName, type Deployment } from "./names.ts";
import { Queue } from "./queue.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";
import { workerContainerName } from "./worker-task.ts";
import type { WorkerTaskReference } from "./worker-task-reference.ts";

/** Properties of `DirectRoute`. */
export interface DirectRouteProps {
  /** Name of the route. */
  readonly routeName: string;
  /** Key prefix of its uploads. */
  readonly prefix: string;
  readonly workerTask: WorkerTaskReference;
  /** Comma-separated. */
  readonly subnetIds: string;
  readonly securityGroupId: string;
  readonly assignPublicIp: boolean;
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT";
  /** CPU units and MiB of its tasks. */
  readonly taskSize: { readonly cpu: number; readonly memory: number };
}

/** Paths in an "Object Created" event (S3 user guide, EventBridge event message structure). */
const inputPaths = {
  bucket: "$.detail.bucket.name",
  key: "$.detail.object.key",
  version: "$.detail.object.version-id",
  sequencer: "$.detail.object.sequencer",
} as const;

/** A route with the trigger `eventbridge`: an EventBridge rule starts its tasks directly. */
export class DirectRoute extends Construct {
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: DirectRouteProps) {
    super(scope, id);
    const { arns, deployment, names } = StageStack.of(this);
    const name = buildResourceName(deployment, `route-${props.routeName}`, 54);
    this.deadLetterQueue = new Queue(this, "dlq", {
      name: `${name}-dlq`,
      senders: [{ service: "events.amazonaws.com", sourceArn: arns.of("events", `rule/${name}`) }],
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: `Starts a worker task for each upload ${props.prefix === "" ? "with any prefix" : `with the prefix ${props.prefix}`}`,
      eventPattern: JSON.stringify(matchCreatedObjects(deployment.inputBucket, [props.prefix])),
    });
    const role = new ServiceRole(this, "role", {
      name: `${name}-starts`,
      service: "events.amazonaws.com",
    });
    props.workerTask.grantRunTask(role);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: arns.of("ecs", `cluster/${names.cluster}`),
      roleArn: role.arn,
      ecsTarget: {
        // Without a revision, ECS uses the latest one.
        taskDefinitionArn: arns.of("ecs", `task-definition/${names.workerTaskFamily}`),
        taskCount: 1,
        capacityProviderStrategy: [{ capacityProvider: props.capacityProvider, weight: 1 }],
        networkConfiguration: {
          subnets: Fn.split(",", props.subnetIds),
          securityGroups: [props.securityGroupId],
          assignPublicIp: props.assignPublicIp,
        },
        // The role needs ecs:TagResource (Amazon ECS developer guide, "AmazonEC2ContainerServiceEventsRole").
        propagateTags: "TASK_DEFINITION",
      },
      inputTransformer: { inputPaths: inputPaths, inputTemplate: buildInputTemplate(props, deployment) },
      deadLetterConfig: { arn: this.deadLetterQueue.arn },
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    });
  }
}

/**
 * Builds the input template. EventBridge replaces an unquoted placeholder by a quoted JSON string, and a quoted one by the
 * plain text (user guide, "Input transformation"). A missing value becomes an empty text, so the version, which a bucket
 * without versioning lacks, must be quoted to stay valid JSON.
 */
const buildInputTemplate = (
  { routeName, taskSize }: DirectRouteProps,
  { inputBucket, outputBucket }: Pick<Deployment, "inputBucket" | "outputBucket">,
): string => {
  const variables: Readonly<Record<keyof DirectEnvironment, string>> = {
    ROUTE: JSON.stringify(routeName),
    SOURCE_BUCKET: "<bucket>",
    SOURCE_KEY: "<key>",
    SOURCE_VERSION: '"<version>"',
    SOURCE_SEQUENCER: "<sequencer>",
    OUTPUT_BUCKET: JSON.stringify(outputBucket),
    INPUT_BUCKET: JSON.stringify(inputBucket),
  };
  const environment = Object.entries(variables).map(([name, value]) => `{"name":"${name}","value":${value}}`);
  return `{"cpu":"${taskSize.cpu}","memory":"${taskSize.memory}","containerOverrides":[{"name":"${workerContainerName}","environment":[${environment.join(",")}]}]}`;
};
