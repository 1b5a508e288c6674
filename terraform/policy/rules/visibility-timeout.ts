import { getNumber, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A message is hidden for six times as long as its function may run. */
export const visibilityTimeout: Rule = {
  id: "REELWAY_VISIBILITY",
  description: "A message is hidden for six times as long as its function may run.",
  rationale:
    'Lambda\'s own retries would find the message handed out again, and an upload would be started twice at once (Lambda developer guide, "Using Lambda with Amazon SQS").',
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: (mapping, graph) => {
    const queue = graph.find(mapping, getString(mapping.body, "event_source_arn"), "aws_sqs_queue");
    if (queue === undefined) return [];
    const lambdaFunction = graph.find(
      mapping,
      getString(mapping.body, "function_name"),
      "aws_lambda_function",
    );
    // What SQS and Lambda take where nothing is said.
    const visibilityTimeoutSeconds = getNumber(queue.body, "visibility_timeout_seconds") ?? 30;
    const timeoutSeconds = getNumber(lambdaFunction?.body, "timeout") ?? 3;
    return [
      ...failUnless(
        lambdaFunction !== undefined,
        "calls a function that is in none of these stacks",
        "Name a function of these stacks, so that its timeout is known.",
      ),
      ...failUnless(
        visibilityTimeoutSeconds >= 6 * timeoutSeconds,
        `hides a message for ${visibilityTimeoutSeconds} s, but its function may run for ${timeoutSeconds} s`,
        `Set visibility_timeout_seconds to ${6 * timeoutSeconds} or more.`,
        queue,
      ),
    ];
  },
};
