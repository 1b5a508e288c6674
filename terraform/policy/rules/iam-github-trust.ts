import { looseGithubTrust } from "../github-trust.ts";
import { everyTrust } from "../policies.ts";
import type { Rule } from "../rule.ts";

/** A role trusts exactly the workflows of GitHub that are named. */
export const githubTrust: Rule = {
  id: "CKV_AWS_393",
  what: "A role trusts exactly the workflows of GitHub that are named.",
  why: "Any repository of the world, or a fork, could take the role.",
  appliesTo: ["aws_iam_role"],
  check: (block, estate) => everyTrust(block, estate, looseGithubTrust),
};
