import type { Problem } from "./rule.ts";
import type { Statement } from "./statements.ts";
import { isWildcardOnly } from "./wildcard-only-actions.ts";

/** Reports every action that is allowed on `*` although it supports resource-level permissions. */
export const checkWildcardActions = (statements: readonly Statement[]): readonly Problem[] =>
  statements
    .filter(({ isAllow, resources }) => isAllow && resources.includes("*"))
    .flatMap(({ actions }) => actions.filter((action) => !isWildcardOnly(action)))
    .map((action) => ({
      message: `allows ${action} on all resources`,
      fix: "Set the resources to ARNs.",
      part: action,
    }));
