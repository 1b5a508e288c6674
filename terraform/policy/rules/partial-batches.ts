import { getStrings } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A function reports each message of a batch by itself. */
export const partialBatches: Rule = {
  id: "REELWAY_PARTIAL_BATCH",
  description: "A function reports each message of a batch by itself.",
  rationale:
    "One bad upload would make nine good ones of its batch be tried again, and at last land in the dead-letter queue.",
  appliesTo: ["aws_lambda_event_source_mapping"],
  check: ({ body }) =>
    failUnless(
      getStrings(body, "function_response_types").includes("ReportBatchItemFailures"),
      "fails or succeeds batch by batch",
      "Set function_response_types to ReportBatchItemFailures.",
    ),
};
