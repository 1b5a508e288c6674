import { isTrue } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Existing public ACLs are ignored. */
export const publicAclsIgnored: Rule = {
  id: "CKV_AWS_55",
  description: "Existing public ACLs are ignored.",
  rationale: "Otherwise an existing ACL keeps an object public.",
  appliesTo: ["aws_s3_bucket_public_access_block"],
  check: ({ body }) =>
    failUnless(
      isTrue(body, "ignore_public_acls"),
      "does not set ignore_public_acls",
      "Set ignore_public_acls to true.",
    ),
};
