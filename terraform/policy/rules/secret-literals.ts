import { failUnless, type Rule } from "../rule.ts";
import { findSecrets } from "../secret-literals.ts";

/** No secret stands in what was synthesised. */
export const secretLiterals: Rule = {
  id: "REELWAY_SECRET_LITERAL",
  description: "No secret stands in what was synthesised.",
  rationale:
    "It would be in the repository's artefacts, the plan and the state, and has to be changed at once.",
  appliesTo: "every",
  check: ({ body }) =>
    findSecrets(body).flatMap(({ path, kind }) =>
      failUnless(
        false,
        `has ${kind} at ${path}`,
        "Change that secret now. Make it by an ephemeral resource and a write-only attribute, or read it where it is used.",
      ),
    ),
};
