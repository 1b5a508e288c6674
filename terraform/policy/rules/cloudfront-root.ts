import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** A distribution has an object for its root. */
export const distributionRoot: Rule = {
  id: "CKV_AWS_305",
  description: "A distribution has an object for its root.",
  rationale: "The root would answer with a listing of the bucket, or an error.",
  appliesTo: ["aws_cloudfront_distribution"],
  check: ({ body }) =>
    failUnless(
      getString(body, "default_root_object") !== undefined,
      "has no object for its root",
      "Set default_root_object.",
    ),
};
