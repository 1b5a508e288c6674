import { checkIdentityPolicies, identityPolicyTypes } from "../policy-checks.ts";
import type { Rule } from "../rule.ts";
import { checkWildcardActions } from "../wildcard-actions.ts";

/** Policies name the resources they allow access to. */
export const noStarResource: Rule = {
  id: "CKV_AWS_355",
  description: "Policies name the resources they allow access to.",
  rationale: "Otherwise a compromised role can access every resource of the account.",
  appliesTo: identityPolicyTypes,
  check: (block, graph) => checkIdentityPolicies(block, graph, checkWildcardActions),
};
