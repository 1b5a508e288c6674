import { getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Images are encrypted by KMS. */
export const registryKey: Rule = {
  id: "CKV_AWS_136",
  description: "Images are encrypted by KMS.",
  rationale: "Who may pull could not be bounded, nor logged, by a key.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    failUnless(
      getString(body, "encryption_configuration", "encryption_type")?.startsWith("KMS") === true,
      "is not encrypted by KMS",
      "Set encryption_configuration.encryption_type to KMS; that REPLACES the repository.",
    ),
};
