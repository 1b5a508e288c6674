import { Construct } from "constructs";
import { CloudwatchEventRule } from "#aws/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "#aws/cloudwatch-event-target";
import { SnsTopicSubscription } from "#aws/sns-topic-subscription";
import { SqsQueue } from "#aws/sqs-queue";
import { SqsQueuePolicy } from "#aws/sqs-queue-policy";
import { denyInsecureTransport, renderPolicyDocument, type Statement } from "./policy-document.ts";
import type { ServiceRole } from "./role.ts";
import { StageStack } from "./stack.ts";

const defaultRetentionSeconds = 1_209_600;

/** A service that may send to a queue for one source resource. */
interface Sender {
  readonly service: string;
  readonly sourceArn: string;
}

/** Properties of `Queue`. */
export interface QueueProps {
  /** At most 64 characters. A change REPLACES the queue. */
  readonly name: string;
  /** Services that may send. @default none; only roles of the account */
  readonly senders?: readonly Sender[];
  /** Seconds for which a received message is hidden from other consumers. @default 30 */
  readonly visibilityTimeoutSeconds?: number;
  /** Seconds after which a message is removed. @default 14 days */
  readonly retentionSeconds?: number;
  /** Dead-letter queue for messages received `maxReceiveCount` times. @default none */
  readonly deadLetterQueue?: Queue;
  /** Receives after which a message moves to the dead-letter queue. @default 5 */
  readonly maxReceiveCount?: number;
}

/** An encrypted queue. */
export class Queue extends Construct {
  /** ARN of the queue; resolved after it is created. */
  readonly arn: string;
  /** Name of the queue. */
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    {
      name,
      senders = [],
      visibilityTimeoutSeconds = 30,
      retentionSeconds = defaultRetentionSeconds,
      deadLetterQueue,
      maxReceiveCount = 5,
    }: QueueProps,
  ) {
    super(scope, id);
    const { keyArn } = StageStack.of(this);
    const queue = new SqsQueue(this, "queue", {
      name,
      visibilityTimeoutSeconds,
      messageRetentionSeconds: retentionSeconds,
      kmsMasterKeyId: keyArn,
      kmsDataKeyReusePeriodSeconds: 3600,
      ...(deadLetterQueue === undefined
        ? {}
        : {
            redrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueue.arn, maxReceiveCount }),
          }),
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: renderPolicyDocument([
        denyInsecureTransport("sqs:*", queue.arn),
        ...senders.map(
          ({ service, sourceArn }, index): Statement => ({
            Sid: `Sender${index}`,
            Effect: "Allow",
            Principal: { Service: service },
            Action: "sqs:SendMessage",
            Resource: queue.arn,
            // The ARN contains the account.
            Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
          }),
        ),
      ]),
    });
    this.arn = queue.arn;
    this.name = name;
  }

  /** Grants sending messages. */
  grantSend(role: ServiceRole): void {
    role.addPermission({ actions: ["sqs:SendMessage"], resources: [this.arn] });
  }
}

/** Properties of `EventQueue`. */
export interface EventQueueProps {
  /**
   * At most 76 characters, or 64 with `eventPattern`, since it is also the name of the rule; the dead-letter queue appends
   * `-dlq`. A change REPLACES all.
   */
  readonly name: string;
  /** EventBridge pattern of the events to receive. @default none */
  readonly eventPattern?: unknown;
  /** ARN of a topic to subscribe to, with raw message delivery. @default none */
  readonly topicArn?: string;
  /** Fields of the topic's JSON messages, each with the values to receive. @default all messages */
  readonly messageFilter?: Readonly<Record<string, readonly string[]>>;
  /** Timeout of the consumer; the visibility timeout is six times as long (Lambda developer guide, SQS). */
  readonly consumerTimeoutSeconds: number;
  /** Receives after which a message moves to the dead-letter queue. @default 5 */
  readonly maxReceiveCount?: number;
}

/** A queue of events with a dead-letter queue for undeliverable and failed messages. */
export class EventQueue extends Construct {
  /** ARN of the queue; resolved after it is created. */
  readonly arn: string;
  /** Name of the queue. */
  readonly name: string;
  /** Receives what cannot be delivered, and what is received `maxReceiveCount` times. */
  readonly deadLetterQueue: Queue;
  #queue: Queue;

  constructor(
    scope: Construct,
    id: string,
    { name, eventPattern, topicArn, messageFilter, consumerTimeoutSeconds, maxReceiveCount }: EventQueueProps,
  ) {
    super(scope, id);
    const { arns } = StageStack.of(this);
    const senders: Sender[] = [
      ...(eventPattern === undefined
        ? []
        : [{ service: "events.amazonaws.com", sourceArn: arns.of("events", `rule/${name}`) }]),
      ...(topicArn === undefined ? [] : [{ service: "sns.amazonaws.com", sourceArn: topicArn }]),
    ];
    this.deadLetterQueue = new Queue(this, "dlq", { name: `${name}-dlq`, senders });
    const queue = new Queue(this, "queue", {
      name,
      senders,
      visibilityTimeoutSeconds: 6 * consumerTimeoutSeconds,
      deadLetterQueue: this.deadLetterQueue,
      ...(maxReceiveCount === undefined ? {} : { maxReceiveCount }),
    });
    if (eventPattern !== undefined) {
      const rule = new CloudwatchEventRule(this, "rule", {
        name,
        eventPattern: JSON.stringify(eventPattern),
      });
      new CloudwatchEventTarget(this, "target", {
        rule: rule.name,
        arn: queue.arn,
        deadLetterConfig: { arn: this.deadLetterQueue.arn },
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      });
    }
    if (topicArn !== undefined)
      new SnsTopicSubscription(this, "subscription", {
        topicArn: topicArn,
        protocol: "sqs",
        endpoint: queue.arn,
        rawMessageDelivery: true,
        ...(messageFilter === undefined
          ? {}
          : { filterPolicy: JSON.stringify(messageFilter), filterPolicyScope: "MessageBody" }),
        redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.deadLetterQueue.arn }),
      });
    this.#queue = queue;
    this.arn = queue.arn;
    this.name = name;
  }

  /** Grants sending messages. */
  grantSend(role: ServiceRole): void {
    this.#queue.grantSend(role);
  }

  /** Grants receiving and deleting messages. */
  grantConsume(role: ServiceRole): void {
    role.addPermission({
      actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      resources: [this.arn],
    });
  }

  /** Grants hiding received messages, which delays their next receive. */
  grantChangeVisibility(role: ServiceRole): void {
    role.addPermission({ actions: ["sqs:ChangeMessageVisibility"], resources: [this.arn] });
  }
}
