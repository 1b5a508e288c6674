import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Image tags are immutable. */
export const immutableTags: Rule = {
  id: "CKV_AWS_51",
  description: "Image tags are immutable.",
  rationale: "With mutable tags, the reviewed image and the running one can differ.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    failUnless(
      getString(body, "image_tag_mutability") === "IMMUTABLE",
      "has mutable tags",
      "Set image_tag_mutability to IMMUTABLE. Existing images stay unchanged.",
    ),
};
