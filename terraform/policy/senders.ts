import { text, texts, values } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block, Estate } from "./estate.ts";

/** A service that puts messages into a queue or topic of ours. */
export interface Sender {
  readonly service: string;
  /** The queue or topic. */
  readonly to: Block;
}

/** The fields of a block that name what a service sends to. */
const sends: Readonly<Record<string, readonly (readonly [service: string, ...path: string[]])[]>> = {
  aws_cloudwatch_event_target: [
    ["events.amazonaws.com", "arn"],
    ["events.amazonaws.com", "dead_letter_config", "arn"],
  ],
  aws_sns_topic_subscription: [["sns.amazonaws.com", "endpoint"]],
  aws_cloudwatch_metric_alarm: [
    ["cloudwatch.amazonaws.com", "alarm_actions"],
    ["cloudwatch.amazonaws.com", "ok_actions"],
    ["cloudwatch.amazonaws.com", "insufficient_data_actions"],
  ],
  aws_s3_bucket_notification: [
    ["s3.amazonaws.com", "queue", "queue_arn"],
    ["s3.amazonaws.com", "topic", "topic_arn"],
  ],
};

/** Types of the blocks by which a service sends to a queue or topic. */
export const sendingTypes = Object.keys(sends);

/** Which services send by a block, and to which queues and topics of these stacks. */
export const sendersBy = (block: Block, estate: Estate): readonly Sender[] => {
  const named = (sends[block.type] ?? []).flatMap(([service, ...path]) =>
    texts(values(block.body, ...path)).map((target) => ({ service, target })),
  );
  const lost = texts(block.body, "redrive_policy").flatMap((policy) =>
    texts(parseEmbeddedJson(policy), "deadLetterTargetArn").map((target) => ({
      service: "sns.amazonaws.com",
      target,
    })),
  );
  return [...named, ...(block.type === "aws_sns_topic_subscription" ? lost : [])].flatMap(
    ({ service, target }) =>
      ["aws_sqs_queue", "aws_sns_topic"]
        .map((type) => estate.find(block, target, type))
        .filter((to) => to !== undefined)
        .map((to) => ({ service, to })),
  );
};

/** The block by whose policy a queue or topic says who may send to it: companions, and its own. */
export const policiesOf = (to: Block, estate: Estate): readonly (readonly [block: Block, policy: string])[] =>
  [
    to,
    ...estate.companions(to, "aws_sqs_queue_policy", "queue_url"),
    ...estate.companions(to, "aws_sns_topic_policy", "arn"),
  ].flatMap((block) => {
    const policy = text(block.body, "policy");
    return policy === undefined ? [] : [[block, policy] as const];
  });
