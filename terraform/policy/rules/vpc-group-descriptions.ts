import { getBlocks, getString } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** Security groups and their rules have descriptions. */
export const groupDescriptions: Rule = {
  id: "CKV_AWS_23",
  description: "Security groups and their rules have descriptions.",
  rationale: "Rules of unknown purpose are not removed.",
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
      "lacks a description, on the group or a rule",
      "Set description. Changing it on a group REPLACES the group.",
    ),
};
