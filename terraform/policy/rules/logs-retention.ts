import { getNumber } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Logs are kept for a year at least. */
export const logRetention: Rule = {
  id: "CKV_AWS_338",
  description: "Logs are kept for a year at least.",
  rationale: "What happened before a leak was found would be gone.",
  appliesTo: ["aws_cloudwatch_log_group"],
  check: ({ body }) => {
    const days = getNumber(body, "retention_in_days");
    return failUnless(
      // 0 keeps them for ever, and so does AWS where nothing is said; but then nobody has decided.
      days !== undefined && (days === 0 || days >= 365),
      "does not say that it keeps its logs for a year or more",
      "Set retention_in_days (logRetentionDays of the stage) to 365 or more.",
    );
  },
};
