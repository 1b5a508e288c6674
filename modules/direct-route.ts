import { Construct } from "constructs";
import { CloudwatchEventBus } from "#aws/cloudwatch-event-bus";
import { CloudwatchEventRule } from "#aws/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "#aws/cloudwatch-event-target";
import { Fn } from "#cdktf";
import type { DirectEnvironment } from "../pipeline/environment/worker.ts";
import { matchUploads, safeKeyPattern } from "./event-patterns.ts";
import { buildDirectRouteName, type Deployment } from "./names.ts";
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
  /** Extensions of its uploads, lower case. */
  readonly extensions: readonly string[];
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

/**
 * A route with the trigger `eventbridge`. Rules send its uploads to a bus of its own, and a rule of that bus starts a task
 * for each whose key may pass through the input transformer; the router starts the others
 * (docs/decisions/0009-direct-eventbridge-routes.md).
 */
export class DirectRoute extends Construct {
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: DirectRouteProps) {
    super(scope, id);
    const { arns, deployment, names } = StageStack.of(this);
    const name = buildDirectRouteName(deployment, props.routeName);
    const patterns = matchUploads(deployment.inputBucket, props);
    const ruleNames = patterns.map((_, index) => (index === 0 ? name : `${name}-${index + 1}`));
    this.deadLetterQueue = new Queue(this, "dlq", {
      name: `${name}-dlq`,
      senders: [...ruleNames, `${name}/${name}-starts`].map((rule) => ({
        service: "events.amazonaws.com",
        sourceArn: arns.of("events", `rule/${rule}`),
      })),
    });
    const deadLetterConfig = { arn: this.deadLetterQueue.arn };
    const retryPolicy = { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 };
    const bus = new CloudwatchEventBus(this, "bus", {
      name,
      description: `Uploads of the route ${props.routeName}`,
    });
    const forwarder = new ServiceRole(this, "forwards", {
      name: `${name}-forwards`,
      service: "events.amazonaws.com",
    });
    forwarder.addPermission({ actions: ["events:PutEvents"], resources: [bus.arn] });
    patterns.forEach((pattern, index) => {
      const uploads = new CloudwatchEventRule(this, `uploads-${index + 1}`, {
        name: ruleNames[index] ?? name,
        description: `Sends uploads of the route ${props.routeName} to its bus`,
        eventPattern: JSON.stringify(pattern),
      });
      new CloudwatchEventTarget(this, `uploads-target-${index + 1}`, {
        rule: uploads.name,
        arn: bus.arn,
        roleArn: forwarder.arn,
        deadLetterConfig,
        retryPolicy,
      });
    });
    const rule = new CloudwatchEventRule(this, "rule", {
      name: `${name}-starts`,
      eventBusName: bus.name,
      description: `Starts a worker task for each upload of the route ${props.routeName} whose key is safe`,
      eventPattern: JSON.stringify(safeKeyPattern),
    });
    const role = new ServiceRole(this, "role", {
      name: `${name}-starts`,
      service: "events.amazonaws.com",
    });
    props.workerTask.grantRunTask(role);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      eventBusName: bus.name,
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
      deadLetterConfig,
      retryPolicy,
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
