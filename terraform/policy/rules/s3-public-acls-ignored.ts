import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Public ACLs that stand already are ignored. */
export const publicAclsIgnored: Rule = {
  id: "CKV_AWS_55",
  description: "Public ACLs that stand already are ignored.",
  rationale: "An ACL from before, or from another account, would keep an object open.",
  appliesTo: ["aws_s3_bucket_public_access_block"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "ignore_public_acls"),
      "does not set ignore_public_acls",
      "Set ignore_public_acls to true.",
    ),
};
