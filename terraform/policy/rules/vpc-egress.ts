import { type Body, bodies, number, text, texts } from "../block-values.ts";
import { type Rule, unless } from "../rule.ts";

const isEverywhere = (rule: Body): boolean =>
  ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"].some((field) =>
    texts(rule, field).some((range) => range === "0.0.0.0/0" || range === "::/0"),
  );
const isEveryPort = (rule: Body): boolean =>
  ["-1", "all"].includes(text(rule, "protocol") ?? text(rule, "ip_protocol") ?? "") ||
  number(rule, "protocol") === -1 ||
  ((number(rule, "from_port") ?? 0) <= 0 && (number(rule, "to_port") ?? 65_535) >= 65_535);

/** No group lets every protocol out to the whole internet. */
export const boundedEgress: Rule = {
  id: "CKV_AWS_382",
  what: "No group lets every protocol out to the whole internet.",
  why: "A task that was taken over could send media anywhere, by any port.",
  appliesTo: [
    "aws_security_group",
    "aws_default_security_group",
    "aws_security_group_rule",
    "aws_vpc_security_group_egress_rule",
  ],
  check: ({ type, body }) => {
    const rules =
      type === "aws_vpc_security_group_egress_rule" || text(body, "type") === "egress"
        ? [body]
        : bodies(body, "egress");
    return rules
      .filter((rule) => isEverywhere(rule) && isEveryPort(rule))
      .flatMap(() =>
        unless(false, "lets every protocol out to the whole internet", "Allow tcp to port 443 alone."),
      );
  },
};
