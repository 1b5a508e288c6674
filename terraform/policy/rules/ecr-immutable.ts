import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A tag of an image never moves. */
export const immutableTags: Rule = {
  id: "CKV_AWS_51",
  description: "A tag of an image never moves.",
  rationale: "What was reviewed and what runs could be two images of one name.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    failUnless(
      getString(body, "image_tag_mutability") === "IMMUTABLE",
      "lets tags move",
      "Set image_tag_mutability to IMMUTABLE. No image is changed by it.",
    ),
};
