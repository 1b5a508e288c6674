import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Tables can be recovered to any second. */
export const tableRecovery: Rule = {
  id: "CKV_AWS_28",
  description: "Tables can be recovered to any second.",
  rationale: "A wrong write to the records could not be undone.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "point_in_time_recovery", "enabled"),
      "cannot be recovered",
      "Set point_in_time_recovery.enabled to true.",
    ),
};
