import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Images are encrypted with KMS. */
export const registryKey: Rule = {
  id: "CKV_AWS_136",
  description: "Images are encrypted with KMS.",
  rationale: "Without KMS, a key policy cannot limit or log who pulls images.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    failUnless(
      getString(body, "encryption_configuration", "encryption_type")?.startsWith("KMS") === true,
      "is not encrypted with KMS",
      "Set encryption_configuration.encryption_type to KMS; that REPLACES the repository.",
    ),
};
