import { getNumber } from "../block-values.ts";
import type { Rule } from "../rule.ts";

/** Every function has concurrency of its own. */
export const reservedConcurrency: Rule = {
  id: "CKV_AWS_115",
  description: "Every function has concurrency of its own.",
  rationale:
    "A busy function takes all that the account has, and the others are throttled; nothing bounds its cost.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) => {
    const reserved = getNumber(body, "reserved_concurrent_executions");
    if (reserved !== undefined && reserved >= 0) return [];
    return [
      {
        message: "reserves no concurrency",
        fix: "Set reserved_concurrent_executions.",
        // Written down, -1 is a decision.
        ...(reserved === -1 ? { part: "-1" } : {}),
      },
    ];
  },
};
