import { checkGithubTrust } from "../github-trust.ts";
import type { Rule } from "../rule.ts";
import { parseDocumentStatements } from "../statements.ts";

/** A policy document trusts exactly the workflows of GitHub that are named. */
export const githubTrustDocument: Rule = {
  id: "CKV_AWS_358",
  description: "A policy document trusts exactly the workflows of GitHub that are named.",
  rationale: "Any repository of the world, or a fork, could take the role.",
  appliesTo: ["data.aws_iam_policy_document"],
  check: (block) => checkGithubTrust(parseDocumentStatements(block)),
};
