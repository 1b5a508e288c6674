import { getNumber, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

const maximumAgeSeconds = 60;

/** A scheduled function gives up an invocation that the next one replaces. */
export const scheduleInvocations: Rule = {
  id: "REELWAY_SCHEDULE_INVOKE",
  description: "A scheduled function keeps an invocation for a minute at most and does not repeat it.",
  rationale:
    "Lambda keeps throttled invocations for six hours and repeats failed ones twice, so that runs pile up behind a slow one.",
  appliesTo: ["aws_scheduler_schedule"],
  check: (block, graph) => {
    const target = graph.find(block, getString(block.body, "target", "arn"), "aws_lambda_function");
    if (target === undefined) return [];
    return failUnless(
      graph
        .relatedTo(target, "aws_lambda_function_event_invoke_config", "function_name")
        .some(
          ({ body }) =>
            getNumber(body, "maximum_retry_attempts") === 0 &&
            (getNumber(body, "maximum_event_age_in_seconds") ?? Number.POSITIVE_INFINITY) <=
              maximumAgeSeconds,
        ),
      "invokes a function whose missed runs pile up",
      "Give the function an aws_lambda_function_event_invoke_config with maximum_event_age_in_seconds 60 and maximum_retry_attempts 0.",
    );
  },
};
