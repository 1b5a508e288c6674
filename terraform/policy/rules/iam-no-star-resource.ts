import { checkIdentityPolicies, identityPolicyTypes } from "../policy-checks.ts";
import type { Rule } from "../rule.ts";
import { checkWildcardActions } from "../wildcard-actions.ts";

/** A policy names the resources it allows something on. */
export const noStarResource: Rule = {
  id: "CKV_AWS_355",
  description: "A policy names the resources it allows something on.",
  rationale: "A role that is taken over could do the same to every resource of the account.",
  appliesTo: identityPolicyTypes,
  check: (block, graph) => checkIdentityPolicies(block, graph, checkWildcardActions),
};
