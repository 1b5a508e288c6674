import { number } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Logs are kept for a year at least. */
export const logRetention: Rule = {
  id: "CKV_AWS_338",
  what: "Logs are kept for a year at least.",
  why: "What happened before a leak was found would be gone.",
  appliesTo: ["aws_cloudwatch_log_group"],
  check: ({ body }) => {
    const days = number(body, "retention_in_days");
    return unless(
      // 0 keeps them for ever, and so does AWS where nothing is said; but then nobody has decided.
      days !== undefined && (days === 0 || days >= 365),
      "does not say that it keeps its logs for a year or more",
      "Set retention_in_days (logRetentionDays of the stage) to 365 or more.",
    );
  },
};
