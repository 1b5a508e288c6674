import { getBlocks } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The default security group of a VPC has no rules. */
export const emptyDefaultSecurityGroup: Rule = {
  id: "CKV2_AWS_12",
  description: "The default security group of a VPC has no rules.",
  rationale: "Resources without a security group get the default one, which allows traffic among them.",
  appliesTo: ["aws_vpc"],
  check: (network, graph) => {
    const groups = graph.relatedTo(network, "aws_default_security_group", "vpc_id");
    return failUnless(
      groups.length > 0 &&
        groups.every(({ body }) => ["ingress", "egress"].every((rule) => getBlocks(body, rule).length === 0)),
      "does not restrict its default security group",
      "Add an aws_default_security_group without ingress and egress.",
    );
  },
};
