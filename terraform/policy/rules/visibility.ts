import { number, text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** A message is hidden for six times as long as its function may run. */
export const visibility: Rule = {
  id: "REELWAY_VISIBILITY",
  what: "A message is hidden for six times as long as its function may run.",
  why: 'Lambda\'s own retries would find the message handed out again, and an upload would be started twice at once (Lambda developer guide, "Using Lambda with Amazon SQS").',
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: (mapping, estate) => {
    const queue = estate.find(mapping, text(mapping.body, "event_source_arn"), "aws_sqs_queue");
    if (queue === undefined) return [];
    const consumer = estate.find(mapping, text(mapping.body, "function_name"), "aws_lambda_function");
    // What SQS and Lambda take where nothing is said.
    const hidden = number(queue.body, "visibility_timeout_seconds") ?? 30;
    const timeout = number(consumer?.body, "timeout") ?? 3;
    return [
      ...unless(
        consumer !== undefined,
        "calls a function that is in none of these stacks",
        "Name a function of these stacks, so that its timeout is known.",
      ),
      ...unless(
        hidden >= 6 * timeout,
        `hides a message for ${hidden} s, but its function may run for ${timeout} s`,
        `Set visibility_timeout_seconds to ${6 * timeout} or more.`,
        queue,
      ),
    ];
  },
};
