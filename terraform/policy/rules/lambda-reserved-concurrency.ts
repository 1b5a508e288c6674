import { getNumber } from "../block-values.ts";
import type { Rule } from "../rule.ts";

/** Every function has reserved concurrency. */
export const reservedConcurrency: Rule = {
  id: "CKV_AWS_115",
  description: "Every function has reserved concurrency.",
  rationale:
    "Without it, a busy function uses the account's concurrency, the others are throttled, and its cost is unlimited.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) => {
    const reserved = getNumber(body, "reserved_concurrent_executions");
    if (reserved !== undefined && reserved >= 0) return [];
    return [
      {
        message: "has no reserved concurrency",
        fix: "Set reserved_concurrent_executions.",
        // An explicit -1 is a decision, which a waiver can name.
        ...(reserved === -1 ? { part: "-1" } : {}),
      },
    ];
  },
};
