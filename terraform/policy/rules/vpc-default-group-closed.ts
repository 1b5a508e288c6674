import { bodies } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

/** The default security group of a network lets nothing through. */
export const defaultGroupClosed: Rule = {
  id: "CKV2_AWS_12",
  what: "The default security group of a network lets nothing through.",
  why: "What is started without a group gets it, and could talk to all others that have it.",
  appliesTo: ["aws_vpc"],
  check: (network, estate) => {
    const groups = estate.companions(network, "aws_default_security_group", "vpc_id");
    return unless(
      groups.length > 0 &&
        groups.every(({ body }) => ["ingress", "egress"].every((rule) => bodies(body, rule).length === 0)),
      "leaves its default security group open",
      "Add an aws_default_security_group without ingress and egress.",
    );
  },
};
