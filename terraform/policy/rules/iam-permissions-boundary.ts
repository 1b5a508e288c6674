import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every role stands under a boundary. */
export const permissionsBoundary: Rule = {
  id: "REELWAY_BOUNDARY",
  description: "Every role stands under a permissions boundary.",
  rationale:
    "Whoever may write a role's policy, the role that applies among them, could grant it the whole account.",
  appliesTo: ["aws_iam_role"],
  check: ({ body }) =>
    failUnless(
      getString(body, "permissions_boundary") !== undefined,
      "stands under no boundary",
      "Set permissions_boundary to the stage's boundary.",
    ),
};
