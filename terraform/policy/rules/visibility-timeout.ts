import { getNumber, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The visibility timeout is at least six times the function's timeout. */
export const visibilityTimeout: Rule = {
  id: "REELWAY_VISIBILITY",
  description: "The visibility timeout is at least six times the function's timeout.",
  rationale:
    'Otherwise a message becomes visible again during Lambda\'s retries and is processed twice at once (Lambda developer guide, "Using Lambda with Amazon SQS").',
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: (mapping, graph) => {
    const queue = graph.find(mapping, getString(mapping.body, "event_source_arn"), "aws_sqs_queue");
    if (queue === undefined) return [];
    const lambdaFunction = graph.find(
      mapping,
      getString(mapping.body, "function_name"),
      "aws_lambda_function",
    );
    // The defaults of SQS and Lambda.
    const visibilityTimeoutSeconds = getNumber(queue.body, "visibility_timeout_seconds") ?? 30;
    const timeoutSeconds = getNumber(lambdaFunction?.body, "timeout") ?? 3;
    return [
      ...failUnless(
        lambdaFunction !== undefined,
        "calls a function outside these stacks",
        "Use a function of these stacks, so that its timeout is known.",
      ),
      ...failUnless(
        visibilityTimeoutSeconds >= 6 * timeoutSeconds,
        `has a visibility timeout of ${visibilityTimeoutSeconds} s, but its function has a timeout of ${timeoutSeconds} s`,
        `Set visibility_timeout_seconds to ${6 * timeoutSeconds} or more.`,
        queue,
      ),
    ];
  },
};
