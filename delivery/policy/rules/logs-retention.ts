import { number } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Logs are kept for a year at least. */
export const logRetention: Rule = {
  id: "CKV_AWS_338",
  what: "Logs are kept for a year at least.",
  why: "What happened before a leak was found would be gone.",
  appliesTo: ["aws_cloudwatch_log_group"],
  check: ({ body }) =>
    unless(
      // 0 keeps them for ever, and so does AWS without it; but then nobody has decided.
      [0, undefined].includes(number(body, "retention_in_days"))
        ? number(body, "retention_in_days") === 0
        : (number(body, "retention_in_days") ?? 0) >= 365,
      "keeps its logs for less than a year",
      "Set retention_in_days (logRetentionDays of the stage) to 365 or more.",
    ),
};
