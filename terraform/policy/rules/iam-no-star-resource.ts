import { openActions } from "../open-actions.ts";
import { everyIdentityPolicy, identityPolicyTypes } from "../policies.ts";
import type { Rule } from "../rule.ts";

/** A policy names the resources it allows something on. */
export const noStarResource: Rule = {
  id: "CKV_AWS_355",
  what: "A policy names the resources it allows something on.",
  why: "A role that is taken over could do the same to every resource of the account.",
  appliesTo: identityPolicyTypes,
  check: (block, estate) => everyIdentityPolicy(block, estate, openActions),
};
