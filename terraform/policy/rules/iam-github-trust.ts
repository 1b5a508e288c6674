import { checkGithubTrust } from "../github-trust.ts";
import { checkTrustPolicies } from "../policy-checks.ts";
import type { Rule } from "../rule.ts";

/** Roles trust only named GitHub workflows. */
export const githubTrust: Rule = {
  id: "CKV_AWS_393",
  description: "Roles trust only named GitHub workflows.",
  rationale: "Otherwise any repository, or a fork, can assume the role.",
  appliesTo: ["aws_iam_role"],
  check: (block, graph) => checkTrustPolicies(block, graph, checkGithubTrust),
};
