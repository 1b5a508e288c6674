import { type BlockBody, getBlocks, getNumber, getString, getStrings } from "../block-values.ts";
import { failUnless, type Rule } from "../rule.ts";

const isWholeInternet = (rule: BlockBody): boolean =>
  ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"].some((field) =>
    getStrings(rule, field).some((range) => range === "0.0.0.0/0" || range === "::/0"),
  );
const isAllPorts = (rule: BlockBody): boolean =>
  ["-1", "all"].includes(getString(rule, "protocol") ?? getString(rule, "ip_protocol") ?? "") ||
  getNumber(rule, "protocol") === -1 ||
  ((getNumber(rule, "from_port") ?? 0) <= 0 && (getNumber(rule, "to_port") ?? 65_535) >= 65_535);

/** Security groups do not allow all outbound traffic. */
export const boundedEgress: Rule = {
  id: "CKV_AWS_382",
  description: "Security groups do not allow all outbound traffic.",
  rationale: "Otherwise a compromised task can send media to any address and port.",
  appliesTo: [
    "aws_security_group",
    "aws_default_security_group",
    "aws_security_group_rule",
    "aws_vpc_security_group_egress_rule",
  ],
  check: ({ type, body }) => {
    const rules =
      type === "aws_vpc_security_group_egress_rule" || getString(body, "type") === "egress"
        ? [body]
        : getBlocks(body, "egress");
    return rules
      .filter((rule) => isWholeInternet(rule) && isAllPorts(rule))
      .flatMap(() =>
        failUnless(false, "allows all outbound traffic to the internet", "Allow TCP to port 443 only."),
      );
  },
};
