import { text } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** Images are encrypted by KMS. */
export const registryKey: Rule = {
  id: "CKV_AWS_136",
  what: "Images are encrypted by KMS.",
  why: "Who may pull could not be bounded, nor logged, by a key.",
  appliesTo: ["aws_ecr_repository"],
  check: ({ body }) =>
    unless(
      text(body, "encryption_configuration", "encryption_type")?.startsWith("KMS") === true,
      "is not encrypted by KMS",
      "Set encryption_configuration.encryption_type to KMS; that REPLACES the repository.",
    ),
};
