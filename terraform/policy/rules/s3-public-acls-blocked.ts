import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** New public ACLs are blocked. */
export const publicAclsBlocked: Rule = {
  id: "CKV_AWS_53",
  description: "New public ACLs are blocked.",
  rationale: "Otherwise one call with a public ACL makes an object public.",
  appliesTo: ["aws_s3_bucket_public_access_block"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "block_public_acls"),
      "does not set block_public_acls",
      "Set block_public_acls to true.",
    ),
};
