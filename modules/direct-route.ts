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

export interface DirectRouteProps {
  /** Name of the route. */
  readonly routeName: string;
  /** What the keys of its uploads begin with. */
  readonly prefix: string;
  readonly workerTask: WorkerTaskReference;
  /** Separated by commas. */
  readonly subnetIds: string;
  readonly securityGroupId: string;
  readonly assignPublicIp: boolean;
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT";
  /** CPU units and MiB of its tasks. */
  readonly taskSize: { readonly cpu: number; readonly memory: number };
}

/** Where EventBridge finds each value in "Object Created" (S3 user guide, EventBridge event message structure). */
const inputPaths = {
  bucket: "$.detail.bucket.name",
  key: "$.detail.object.key",
  version: "$.detail.object.version-id",
  sequencer: "$.detail.object.sequencer",
} as const;

/** A route without a Lambda: the upload's event starts its task. */
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
      description: `Uploads under ${props.prefix === "" ? "any prefix" : props.prefix} start a worker at once`,
      eventPattern: JSON.stringify(matchCreatedObjects(deployment.inputBucket, [props.prefix])),
    });
    const role = new ServiceRole(this, "role", {
      name: `${name}-starts`,
      service: "events.amazonaws.com",
    });
    props.workerTask.grantRunTask(role);
    props.workerTask.grantTagTask(role);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: arns.of("ecs", `cluster/${names.cluster}`),
      roleArn: role.arn,
      ecsTarget: {
        // Without a revision: the newest one.
        taskDefinitionArn: arns.of("ecs", `task-definition/${names.workerTaskFamily}`),
        taskCount: 1,
        capacityProviderStrategy: [{ capacityProvider: props.capacityProvider, weight: 1 }],
        networkConfiguration: {
          subnets: Fn.split(",", props.subnetIds),
          securityGroups: [props.securityGroupId],
          assignPublicIp: props.assignPublicIp,
        },
        // Its role must be allowed to give them (Amazon ECS developer guide, "AmazonEC2ContainerServiceEventsRole").
        propagateTags: "TASK_DEFINITION",
      },
      inputTransformer: { inputPaths: inputPaths, inputTemplate: buildInputTemplate(props, deployment) },
      deadLetterConfig: { arn: this.deadLetterQueue.arn },
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    });
  }
}

/**
 * EventBridge puts a quoted JSON string where a placeholder stands without quotes, and the bare text where it stands
 * within some (user guide, "Input transformation"). What is not in the event is nothing at all: a bucket without
 * versions gives none, and only within quotes does JSON remain of it.
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
