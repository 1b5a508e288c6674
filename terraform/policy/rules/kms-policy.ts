import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every KMS key has an explicit policy. */
export const keyPolicy: Rule = {
  id: "CKV2_AWS_64",
  description: "Every KMS key has an explicit policy.",
  rationale:
    "The default key policy depends on the account's settings and does not include the services that use the key.",
  appliesTo: ["aws_kms_key"],
  check: (key, graph) =>
    failUnless(
      getString(key.body, "policy") !== undefined ||
        graph.relatedTo(key, "aws_kms_key_policy", "key_id").length > 0,
      "has no policy",
      "Set policy, with the account's root and the services that use the key.",
    ),
};
