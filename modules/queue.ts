import { Construct } from "constructs";
import { CloudwatchEventRule } from "#aws/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "#aws/cloudwatch-event-target";
import { SnsTopicSubscription } from "#aws/sns-topic-subscription";
import { SqsQueue } from "#aws/sqs-queue";
import { SqsQueuePolicy } from "#aws/sqs-queue-policy";
import { policyDocument, type Statement, tlsOnly } from "./policy-document.ts";
import { StageStack } from "./stack.ts";

const days14 = 1_209_600;

/** What may send to a queue: a service, for one resource. */
interface Sender {
  readonly service: string;
  readonly arn: string;
}

export interface QueueProps {
  /** At most 64 characters. A change REPLACES the queue. */
  readonly name: string;
  /** @default nobody but the account's own roles */
  readonly senders?: readonly Sender[];
  /** Seconds a message is hidden while it is worked. @default 30 */
  readonly hiddenSeconds?: number;
  /** Queue of those that nobody could take five times. @default none */
  readonly lost?: Queue;
}

/** An encrypted queue that keeps messages for 14 days and takes them from the senders named. */
export class Queue extends Construct {
  readonly arn: string;
  readonly name: string;

  constructor(scope: Construct, id: string, { name, senders = [], hiddenSeconds = 30, lost }: QueueProps) {
    super(scope, id);
    const { keyArn } = StageStack.of(this);
    const queue = new SqsQueue(this, "queue", {
      name,
      visibilityTimeoutSeconds: hiddenSeconds,
      messageRetentionSeconds: days14,
      kmsMasterKeyId: keyArn,
      kmsDataKeyReusePeriodSeconds: 3600,
      ...(lost === undefined
        ? {}
        : { redrivePolicy: JSON.stringify({ deadLetterTargetArn: lost.arn, maxReceiveCount: 5 }) }),
    });
    new SqsQueuePolicy(this, "policy", {
      queueUrl: queue.url,
      policy: policyDocument([
        tlsOnly("sqs:*", queue.arn),
        ...senders.map(
          ({ service, arn }, index): Statement => ({
            Sid: `Sender${index}`,
            Effect: "Allow",
            Principal: { Service: service },
            Action: "sqs:SendMessage",
            Resource: queue.arn,
            // The ARN holds the account.
            Condition: { ArnEquals: { "aws:SourceArn": arn } },
          }),
        ),
      ]),
    });
    this.arn = queue.arn;
    this.name = name;
  }
}

export interface EventQueueProps {
  /** At most 59 characters; the rule bears it, its queue of lost messages ends in `-lost`. A change REPLACES all. */
  readonly name: string;
  /** What EventBridge shall pass on. @default nothing */
  readonly pattern?: unknown;
  /** ARN of a topic whose messages come too, as they are. @default none */
  readonly topic?: string;
  /** Seconds the consumer may take; a message is hidden six times as long (Lambda developer guide, SQS). */
  readonly consumerTimeout: number;
}

/** A queue of events with a second queue for those that nobody could deliver or take. */
export class EventQueue extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly lost: Queue;

  constructor(scope: Construct, id: string, { name, pattern, topic, consumerTimeout }: EventQueueProps) {
    super(scope, id);
    const { arns } = StageStack.of(this);
    const senders: Sender[] = [
      ...(pattern === undefined
        ? []
        : [{ service: "events.amazonaws.com", arn: arns.of("events", `rule/${name}`) }]),
      ...(topic === undefined ? [] : [{ service: "sns.amazonaws.com", arn: topic }]),
    ];
    this.lost = new Queue(this, "lost", { name: `${name}-lost`, senders });
    const queue = new Queue(this, "queue", {
      name,
      senders,
      hiddenSeconds: 6 * consumerTimeout,
      lost: this.lost,
    });
    if (pattern !== undefined) {
      const rule = new CloudwatchEventRule(this, "rule", { name, eventPattern: JSON.stringify(pattern) });
      new CloudwatchEventTarget(this, "target", {
        rule: rule.name,
        arn: queue.arn,
        deadLetterConfig: { arn: this.lost.arn },
        retryPolicy: { maximumEventAgeInSeconds: 86_400, maximumRetryAttempts: 185 },
      });
    }
    if (topic !== undefined)
      new SnsTopicSubscription(this, "subscription", {
        topicArn: topic,
        protocol: "sqs",
        endpoint: queue.arn,
        rawMessageDelivery: true,
        redrivePolicy: JSON.stringify({ deadLetterTargetArn: this.lost.arn }),
      });
    this.arn = queue.arn;
    this.name = name;
  }
}
