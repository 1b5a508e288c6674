import { checkGithubTrust } from "../github-trust.ts";
import { checkTrustPolicies } from "../policy-checks.ts";
import type { Rule } from "../rule.ts";

/** A role trusts exactly the workflows of GitHub that are named. */
export const githubTrust: Rule = {
  id: "CKV_AWS_393",
  description: "A role trusts exactly the workflows of GitHub that are named.",
  rationale: "Any repository of the world, or a fork, could take the role.",
  appliesTo: ["aws_iam_role"],
  check: (block, graph) => checkTrustPolicies(block, graph, checkGithubTrust),
};
