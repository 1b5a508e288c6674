import { failUnless, type Rule } from "../rule.ts";
import { findSecrets } from "../secret-literals.ts";

/** Synthesized stacks contain no secrets. */
export const secretLiterals: Rule = {
  id: "REELWAY_SECRET_LITERAL",
  description: "Synthesized stacks contain no secrets.",
  rationale: "A secret in a stack is readable in artifacts, plans and the state.",
  appliesTo: "every",
  check: ({ body }) =>
    findSecrets(body).flatMap(({ path, kind }) =>
      failUnless(
        false,
        `has ${kind} at ${path}`,
        "Replace the secret now. Create it with an ephemeral resource and a write-only attribute, or read it at run time.",
      ),
    ),
};
