import { number } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Every function has concurrency of its own. */
export const reservedConcurrency: Rule = {
  id: "CKV_AWS_115",
  what: "Every function has concurrency of its own.",
  why: "A busy function takes all that the account has, and the others are throttled; nothing bounds its cost.",
  appliesTo: ["aws_lambda_function"],
  check: ({ body }) =>
    unless(
      (number(body, "reserved_concurrent_executions") ?? -1) >= 0,
      "reserves no concurrency",
      "Set reserved_concurrent_executions.",
    ),
};
