import { Construct } from "constructs";
import { CloudwatchEventRule } from "#aws/cloudwatch-event-rule";
import { CloudwatchEventTarget } from "#aws/cloudwatch-event-target";
import { SqsQueue } from "#aws/sqs-queue";
import { SqsQueuePolicy } from "#aws/sqs-queue-policy";
import type { Arns } from "./naming.ts";

export interface EventQueueProps {
  /** At most 64 characters; rule and queue bear it. A change REPLACES both. */
  readonly name: string;
  readonly arns: Arns;
  /** What EventBridge shall pass on. */
  readonly pattern: unknown;
  /** Seconds the consumer may take; a message is hidden six times as long (Lambda developer guide, SQS). */
  readonly consumerTimeout: number;
}

/** A queue of the events that a rule picks, with a second queue for those nobody could take. */
export class EventQueue extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, arns, pattern, consumerTimeout }: EventQueueProps) {
    super(scope, id);
    const days14 = 1_209_600;
    const lost = new SqsQueue(this, "lost", {
      name: `${name}-lost`,
      messageRetentionSeconds: days14,
      sqsManagedSseEnabled: true,
    });
    const queue = new SqsQueue(this, "queue", {
      name,
      visibilityTimeoutSeconds: 6 * consumerTimeout,
      messageRetentionSeconds: days14,
      sqsManagedSseEnabled: true,
      redrivePolicy: JSON.stringify({ deadLetterTargetArn: lost.arn, maxReceiveCount: 5 }),
    });
    const rule = new CloudwatchEventRule(this, "rule", { name, eventPattern: JSON.stringify(pattern) });
    const accept = (what: string, target: SqsQueue) =>
      new SqsQueuePolicy(this, `${what}-policy`, {
        queueUrl: target.url,
        policy: fromRule(target.arn, arns.of("events", `rule/${name}`)),
      });
    accept("queue", queue);
    accept("lost", lost);
    new CloudwatchEventTarget(this, "target", {
      rule: rule.name,
      arn: queue.arn,
      deadLetterConfig: { arn: lost.arn },
    });
    this.arn = queue.arn;
  }
}

const fromRule = (queue: string, rule: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "FromRule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: queue,
        Condition: { ArnEquals: { "aws:SourceArn": rule } },
      },
    ],
  });
