import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Tables have point-in-time recovery. */
export const tableRecovery: Rule = {
  id: "CKV_AWS_28",
  description: "Tables have point-in-time recovery.",
  rationale: "Without it, a wrong write cannot be undone.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "point_in_time_recovery", "enabled"),
      "has no point-in-time recovery",
      "Set point_in_time_recovery.enabled to true.",
    ),
};
