import { Construct } from "constructs";
import { CloudwatchEventRule } from "#aws/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "#aws/cloudwatch-event-target";
import { Fn } from "#cdktf";
import type { DirectEnvironment } from "../pipeline/environment/worker.ts";
import { type Deployment, resourceName } from "./names.ts";
import { createdObjects } from "./patterns.ts";
import { runsWorkers, tagsWorkers } from "./permissions.ts";
import { Queue } from "./queue.ts";
import { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";
import { workerContainer } from "./worker.ts";

export interface DirectRouteProps {
  /** Name of the route. */
  readonly route: string;
  /** What the keys of its uploads begin with. */
  readonly prefix: string;
  /** Separated by commas. */
  readonly subnetIds: string;
  readonly securityGroupId: string;
  readonly publicIp: boolean;
  readonly capacity: "FARGATE" | "FARGATE_SPOT";
  /** CPU units and MiB of its tasks. */
  readonly size: { readonly cpu: number; readonly memory: number };
}

/** Where EventBridge finds each value in "Object Created" (S3 user guide, EventBridge event message structure). */
const paths = {
  bucket: "$.detail.bucket.name",
  key: "$.detail.object.key",
  version: "$.detail.object.version-id",
  sequencer: "$.detail.object.sequencer",
} as const;

/** A route without a Lambda: the upload's event starts its task. */
export class DirectRoute extends Construct {
  readonly lost: Queue;

  constructor(scope: Construct, id: string, props: DirectRouteProps) {
    super(scope, id);
    const stack = StageStack.of(this);
    const { arns, deployment, names } = stack;
    const name = resourceName(deployment, `route-${props.route}`, 54);
    this.lost = new Queue(this, "lost", {
      name: `${name}-lost`,
      senders: [{ service: "events.amazonaws.com", arn: arns.of("events", `rule/${name}`) }],
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name,
      description: `Uploads under ${props.prefix === "" ? "any prefix" : props.prefix} start a worker at once`,
      eventPattern: JSON.stringify(createdObjects(deployment.inputBucket, [props.prefix])),
    });
    const role = new ServiceRole(this, "role", {
      name: `${name}-starts`,
      service: "events.amazonaws.com",
      permissions: [...runsWorkers(stack), ...tagsWorkers(stack)],
    });
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: arns.of("ecs", `cluster/${names.cluster}`),
      roleArn: role.arn,
      ecsTarget: {
        // Without a revision: the newest one.
        taskDefinitionArn: arns.of("ecs", `task-definition/${names.worker}`),
        taskCount: 1,
        capacityProviderStrategy: [{ capacityProvider: props.capacity, weight: 1 }],
        networkConfiguration: {
          subnets: Fn.split(",", props.subnetIds),
          securityGroups: [props.securityGroupId],
          assignPublicIp: props.publicIp,
        },
        // Its role must be allowed to give them (Amazon ECS developer guide, "AmazonEC2ContainerServiceEventsRole").
        propagateTags: "TASK_DEFINITION",
      },
      inputTransformer: { inputPaths: paths, inputTemplate: overrides(props, deployment) },
      deadLetterConfig: { arn: this.lost.arn },
      retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
    });
  }
}

/**
 * EventBridge puts a quoted JSON string where a placeholder stands without quotes, and the bare text where it stands
 * within some (user guide, "Input transformation"). What is not in the event is nothing at all: a bucket without
 * versions gives none, and only within quotes does JSON remain of it.
 */
const overrides = (
  { route, size }: DirectRouteProps,
  { inputBucket, outputBucket }: Pick<Deployment, "inputBucket" | "outputBucket">,
): string => {
  const variables: Readonly<Record<keyof DirectEnvironment, string>> = {
    ROUTE: JSON.stringify(route),
    SOURCE_BUCKET: "<bucket>",
    SOURCE_KEY: "<key>",
    SOURCE_VERSION: '"<version>"',
    SOURCE_SEQUENCER: "<sequencer>",
    OUTPUT_BUCKET: JSON.stringify(outputBucket),
    INPUT_BUCKET: JSON.stringify(inputBucket),
  };
  const environment = Object.entries(variables).map(([name, value]) => `{"name":"${name}","value":${value}}`);
  return `{"cpu":"${size.cpu}","memory":"${size.memory}","containerOverrides":[{"name":"${workerContainer}","environment":[${environment.join(",")}]}]}`;
};
