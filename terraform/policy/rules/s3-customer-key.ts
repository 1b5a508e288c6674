import { getBlocks, getString } from "../block-values.ts";
import { hasCustomerKey } from "../customer-key.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Objects are encrypted with a customer managed KMS key. */
export const bucketCustomerKey: Rule = {
  id: "CKV_AWS_145",
  description: "Objects are encrypted with a customer managed KMS key.",
  rationale: "With a customer managed key, reading media needs a second permission, and its use is logged.",
  appliesTo: ["aws_s3_bucket"],
  check: (bucket, graph) => {
    const defaults = graph
      .relatedTo(bucket, "aws_s3_bucket_server_side_encryption_configuration", "bucket")
      .flatMap(({ body }) => getBlocks(body, "rule", "apply_server_side_encryption_by_default"));
    return failUnless(
      defaults.some(
        (encryption) =>
          getString(encryption, "sse_algorithm")?.startsWith("aws:kms") === true &&
          hasCustomerKey(encryption, "kms_master_key_id"),
      ),
      "is not encrypted with a customer managed KMS key",
      "Set sse_algorithm aws:kms and kms_master_key_id in its server-side encryption configuration.",
    );
  },
};
