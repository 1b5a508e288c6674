import { checkWildcardActions } from "../open-actions.ts";
import { checkIdentityPolicies, identityPolicyTypes } from "../policies.ts";
import type { Rule } from "../rule.ts";

/** A policy names the resources it allows something on. */
export const noStarResource: Rule = {
  id: "CKV_AWS_355",
  description: "A policy names the resources it allows something on.",
  rationale: "A role that is taken over could do the same to every resource of the account.",
  appliesTo: identityPolicyTypes,
  check: (block, graph) => checkIdentityPolicies(block, graph, checkWildcardActions),
};
