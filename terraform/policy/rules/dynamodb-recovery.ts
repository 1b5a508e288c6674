import { isOn } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Tables can be recovered to any second. */
export const tableRecovery: Rule = {
  id: "CKV_AWS_28",
  what: "Tables can be recovered to any second.",
  why: "A wrong write to the records could not be undone.",
  appliesTo: ["aws_dynamodb_table"],
  check: ({ body }) =>
    unless(
      isOn(body, "point_in_time_recovery", "enabled"),
      "cannot be recovered",
      "Set point_in_time_recovery.enabled to true.",
    ),
};
