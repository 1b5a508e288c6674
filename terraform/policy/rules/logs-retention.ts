import { getNumber } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Logs are retained for at least a year. */
export const logRetention: Rule = {
  id: "CKV_AWS_338",
  description: "Logs are retained for at least a year.",
  rationale: "With a shorter retention, the logs from before the discovery of a leak are gone.",
  appliesTo: ["aws_cloudwatch_log_group"],
  check: ({ body }) => {
    const days = getNumber(body, "retention_in_days");
    return failUnless(
      // 0 means unlimited retention, and so does no value in AWS, but the retention must be explicit.
      days !== undefined && (days === 0 || days >= 365),
      "has no explicit retention of a year or more",
      "Set retention_in_days (logRetentionDays of the stage) to 365 or more.",
    );
  },
};
