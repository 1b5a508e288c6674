import { getBlocks } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

/** The default security group of a network lets nothing through. */
export const emptyDefaultSecurityGroup: Rule = {
  id: "CKV2_AWS_12",
  description: "The default security group of a network lets nothing through.",
  rationale: "What is started without a group gets it, and could talk to all others that have it.",
  appliesTo: ["aws_vpc"],
  check: (network, graph) => {
    const groups = graph.relatedTo(network, "aws_default_security_group", "vpc_id");
    return failUnless(
      groups.length > 0 &&
        groups.every(({ body }) => ["ingress", "egress"].every((rule) => getBlocks(body, rule).length === 0)),
      "leaves its default security group open",
      "Add an aws_default_security_group without ingress and egress.",
    );
  },
};
