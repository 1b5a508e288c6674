import { everyIdentityPolicy } from "../identity-policies.ts";
import { openActions } from "../open-actions.ts";
import type { Rule } from "../rule.ts";

/** A policy names the resources it allows something on. */
export const noStarResource: Rule = {
  id: "CKV_AWS_355",
  what: "A policy names the resources it allows something on.",
  why: "A role that is taken over could do the same to every resource of the account.",
  appliesTo: [
    "aws_iam_role_policy",
    "aws_iam_policy",
    "aws_iam_user_policy",
    "aws_iam_group_policy",
    "aws_iam_role",
  ],
  check: (block) => everyIdentityPolicy(block, openActions),
};
