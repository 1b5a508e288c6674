import { getBlocks, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Every security group and each of its rules says what it is for. */
export const groupDescriptions: Rule = {
  id: "CKV_AWS_23",
  description: "Every security group and each of its rules says what it is for.",
  rationale: "Nobody dares to close what nobody can explain.",
  appliesTo: [
    "aws_security_group",
    "aws_security_group_rule",
    "aws_vpc_security_group_ingress_rule",
    "aws_vpc_security_group_egress_rule",
  ],
  check: ({ body }) =>
    failUnless(
      [body, ...getBlocks(body, "ingress"), ...getBlocks(body, "egress")].every(
        (one) => (getString(one, "description") ?? "Managed by Terraform") !== "Managed by Terraform",
      ),
      "does not say what it, or one of its rules, is for",
      "Set description. On a group itself that REPLACES it.",
    ),
};
