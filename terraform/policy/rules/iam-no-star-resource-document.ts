import type { Rule } from "../rule.ts";
import { parseDocumentStatements } from "../statements.ts";
import { checkWildcardActions } from "../wildcard-actions.ts";

/** A policy document names the resources it allows something on. */
export const noStarResourceDocument: Rule = {
  id: "CKV_AWS_356",
  description: "A policy document names the resources it allows something on.",
  rationale: "A role that is taken over could do the same to every resource of the account.",
  appliesTo: ["data.aws_iam_policy_document"],
  check: (block) => checkWildcardActions(parseDocumentStatements(block)),
};
