import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every role has a permissions boundary. */
export const permissionsBoundary: Rule = {
  id: "REELWAY_BOUNDARY",
  description: "Every role has a permissions boundary.",
  rationale:
    "Without one, a principal that may write role policies, e.g. the apply role, can grant access to the whole account.",
  appliesTo: ["aws_iam_role"],
  check: ({ body }) =>
    failUnless(
      getString(body, "permissions_boundary") !== undefined,
      "has no permissions boundary",
      "Set permissions_boundary to the stage's boundary.",
    ),
};
