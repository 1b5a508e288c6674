import { texts } from "./block-values.ts";
import type { Block } from "./estate.ts";
import { type Problem, unless } from "./rule.ts";
import { type Statement, statementsOf } from "./statements.ts";

/** Looks at every policy that says what a role, user or group may do; one that cannot be read is a problem itself. */
export const everyIdentityPolicy = (
  { body }: Block,
  check: (statements: readonly Statement[]) => readonly Problem[],
): readonly Problem[] =>
  [...texts(body, "policy"), ...texts(body, "inline_policy", "policy")]
    // A document has rules of its own.
    .filter((policy) => !policy.startsWith("${data.aws_iam_policy_document."))
    .flatMap((policy) => {
      const statements = statementsOf(policy);
      return statements === undefined
        ? unless(
            false,
            "has a policy that cannot be read before the plan",
            "Write it as JSON with expressions in its texts alone.",
          )
        : check(statements);
    });
