import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Public bucket policies are blocked. */
export const publicPoliciesBlocked: Rule = {
  id: "CKV_AWS_54",
  description: "Public bucket policies are blocked.",
  rationale: "Otherwise one wrong policy makes every object public.",
  appliesTo: ["aws_s3_bucket_public_access_block"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "block_public_policy"),
      "does not set block_public_policy",
      "Set block_public_policy to true.",
    ),
};
