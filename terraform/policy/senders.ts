import { getString, getStrings, getValues } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block, ResourceGraph } from "./resource-graph.ts";

/** A service that sends messages to a queue or topic. */
export interface Sender {
  readonly service: string;
  /** The queue or topic. */
  readonly destination: Block;
}

/** Fields with the destination of a service, by block type. */
const senderFields: Readonly<Record<string, readonly (readonly [service: string, ...path: string[]])[]>> = {
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

/** Types of the blocks that make a service send to a queue or topic. */
export const senderTypes = Object.keys(senderFields);

/** Finds the services that a block makes send, with their destinations in these stacks. */
export const findSenders = (block: Block, graph: ResourceGraph): readonly Sender[] => {
  const targets = (senderFields[block.type] ?? []).flatMap(([service, ...path]) =>
    getStrings(getValues(block.body, ...path)).map((target) => ({ service, target })),
  );
  const deadLetterTargets = getStrings(block.body, "redrive_policy").flatMap((policy) =>
    getStrings(parseEmbeddedJson(policy), "deadLetterTargetArn").map((target) => ({
      service: "sns.amazonaws.com",
      target,
    })),
  );
  return [...targets, ...(block.type === "aws_sns_topic_subscription" ? deadLetterTargets : [])].flatMap(
    ({ service, target }) =>
      ["aws_sqs_queue", "aws_sns_topic"]
        .map((type) => graph.find(block, target, type))
        .filter((to) => to !== undefined)
        .map((destination) => ({ service, destination })),
  );
};

/** Finds the policies of a queue or topic: its own and those of policy resources. */
export const findPolicies = (
  to: Block,
  graph: ResourceGraph,
): readonly (readonly [block: Block, policy: string])[] =>
  [
    to,
    ...graph.relatedTo(to, "aws_sqs_queue_policy", "queue_url"),
    ...graph.relatedTo(to, "aws_sns_topic_policy", "arn"),
  ].flatMap((block) => {
    const policy = getString(block.body, "policy");
    return policy === undefined ? [] : [[block, policy] as const];
  });
