import { isOn } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** New public ACLs are refused. */
export const publicAclsBlocked: Rule = {
  id: "CKV_AWS_53",
  what: "New public ACLs are refused.",
  why: "One call with a public ACL would open an object to everybody.",
  appliesTo: ["aws_s3_bucket_public_access_block"],
  check: ({ body }) =>
    unless(
      isOn(body, "block_public_acls"),
      "does not set block_public_acls",
      "Set block_public_acls to true.",
    ),
};
