import { type Rule, unless } from "../rule.ts";
import { secretsIn } from "../secret-literals.ts";

/** No secret stands in what was synthesised. */
export const secretLiterals: Rule = {
  id: "REELWAY_SECRET_LITERAL",
  what: "No secret stands in what was synthesised.",
  why: "It would be in the repository's artefacts, the plan and the state, and has to be changed at once.",
  appliesTo: "every",
  check: ({ body }) =>
    secretsIn(body).flatMap(({ path, kind }) =>
      unless(
        false,
        `has ${kind} at ${path}`,
        "Change that secret now. Make it by an ephemeral resource and a write-only attribute, or read it where it is used.",
      ),
    ),
};
