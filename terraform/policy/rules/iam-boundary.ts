import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Every role stands under a boundary. */
export const roleBoundary: Rule = {
  id: "REELWAY_BOUNDARY",
  what: "Every role stands under a permissions boundary.",
  why: "Whoever may write a role's policy, the role that applies among them, could grant it the whole account.",
  appliesTo: ["aws_iam_role"],
  check: ({ body }) =>
    unless(
      text(body, "permissions_boundary") !== undefined,
      "stands under no boundary",
      "Set permissions_boundary to the stage's boundary.",
    ),
};
