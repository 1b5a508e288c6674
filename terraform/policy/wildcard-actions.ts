import type { Problem } from "./rule.ts";
import type { Statement } from "./statements.ts";
import { isWildcardOnly } from "./wildcard-only-actions.ts";

/** A problem for every action that is allowed on every resource though it knows resources. */
export const checkWildcardActions = (statements: readonly Statement[]): readonly Problem[] =>
  statements
    .filter(({ isAllow, resources }) => isAllow && resources.includes("*"))
    .flatMap(({ actions }) => actions.filter((action) => !isWildcardOnly(action)))
    .map((action) => ({
      message: `allows ${action} on every resource`,
      fix: "Name the ARNs of the resources it is for.",
      part: action,
    }));
