import { getStrings } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Functions report the failed messages of a batch individually. */
export const partialBatches: Rule = {
  id: "REELWAY_PARTIAL_BATCH",
  description: "Functions report the failed messages of a batch individually.",
  rationale:
    "Otherwise one failed message causes retries of its whole batch, which ends in the dead-letter queue.",
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: ({ body }) =>
    failUnless(
      getStrings(body, "function_response_types").includes("ReportBatchItemFailures"),
      "does not report failed messages individually",
      "Set function_response_types to ReportBatchItemFailures.",
    ),
};
