import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every key has a policy that is written down. */
export const keyPolicy: Rule = {
  id: "CKV2_AWS_64",
  description: "Every key has a policy that is written down.",
  rationale:
    "The default one changes with the account's settings, and a service that must use the key is not in it.",
  appliesTo: ["aws_kms_key"],
  check: (key, graph) =>
    failUnless(
      getString(key.body, "policy") !== undefined ||
        graph.relatedTo(key, "aws_kms_key_policy", "key_id").length > 0,
      "has no policy",
      "Set policy: the account's root, and the services that use the key.",
    ),
};
