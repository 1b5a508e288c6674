import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** A tag of an image never moves. */
export const immutableTags: Rule = {
  id: "CKV_AWS_51",
  what: "A tag of an image never moves.",
  why: "What was reviewed and what runs could be two images of one name.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    unless(
      text(body, "image_tag_mutability") === "IMMUTABLE",
      "lets tags move",
      "Set image_tag_mutability to IMMUTABLE. No image is changed by it.",
    ),
};
