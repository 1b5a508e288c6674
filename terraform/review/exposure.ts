import { code, enumerate, type Phrase } from "./phrase.ts";
import type { Configured } from "./references.ts";
import { blocksOf, type Fields, fieldOf, textOf, textsOf } from "./value.ts";

/** A way in that a resource leaves open to the whole internet. */
interface Opening {
  /** What makes it the same opening before and after. */
  readonly key: string;
  readonly sentence: Phrase;
}

const everywhere = /^(?:0\.0\.0\.0\/0|::\/0)$/;

const portsOf = (fields: Fields, protocol: string): string => {
  const [from, to] = [fieldOf(fields, "from_port"), fieldOf(fields, "to_port")];
  if (protocol === "-1" || protocol === "all") return "every port";
  if (typeof from !== "number" || typeof to !== "number") return `${protocol} ports`;
  if (from === to) return `${protocol} port ${from}`;
  return from <= 0 && to >= 65_535 ? `every ${protocol} port` : `${protocol} ports ${from} to ${to}`;
};

const ranges = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"];

const ruleOpening = (rule: Fields, group: string): readonly Opening[] => {
  const open = ranges.flatMap((name) => textsOf(rule, name)).filter((range) => everywhere.test(range));
  if (open.length === 0) return [];
  const ports = portsOf(rule, textOf(rule, "protocol") ?? textOf(rule, "ip_protocol") ?? "-1");
  return [
    {
      key: `${ports} ${open.join(" ")}`,
      sentence: [
        "The whole internet (",
        ...enumerate(open.map(code)),
        ") may reach ",
        code(ports),
        " in security group ",
        code(group),
      ],
    },
  ];
};

type Find = (fields: Fields, name: (...attributes: readonly string[]) => string) => readonly Opening[];

const single = (open: boolean, sentence: Phrase): readonly Opening[] =>
  open ? [{ key: "open", sentence }] : [];

const openings: Readonly<Record<string, Find>> = {
  aws_security_group: (fields, name) =>
    blocksOf(fields, "ingress").flatMap((rule) => ruleOpening(rule, name("name", "id"))),
  aws_default_security_group: (fields, name) =>
    blocksOf(fields, "ingress").flatMap((rule) => ruleOpening(rule, name("id"))),
  aws_security_group_rule: (fields, name) =>
    textOf(fields, "type") === "ingress" ? ruleOpening(fields, name("security_group_id")) : [],
  aws_vpc_security_group_ingress_rule: (fields, name) => ruleOpening(fields, name("security_group_id")),
  aws_lambda_function_url: (fields, name) =>
    single(textOf(fields, "authorization_type") === "NONE", [
      "Anyone may call function ",
      code(name("function_name")),
      " by its URL, without a signature",
    ]),
  aws_apigatewayv2_route: (fields) =>
    single((textOf(fields, "authorization_type") ?? "NONE") === "NONE", [
      "API Gateway lets anyone through to route ",
      code(textOf(fields, "route_key") ?? "?"),
      ": what is behind it must check who calls",
    ]),
  aws_s3_bucket_acl: (fields, name) =>
    single(/^public-|^authenticated-read$/.test(textOf(fields, "acl") ?? ""), [
      "The access list of bucket ",
      code(name("bucket")),
      " opens it to strangers: ",
      code(textOf(fields, "acl") ?? ""),
    ]),
  aws_subnet: (fields, name) =>
    single(fieldOf(fields, "map_public_ip_on_launch") === true, [
      "Whatever starts in subnet ",
      code(name("cidr_block", "id")),
      " gets a public address",
    ]),
};

const generic = (type: string, fields: Fields, address: string): readonly Opening[] =>
  /^aws_(?:db|rds|redshift|neptune|docdb|dms|mq)_/.test(type) &&
  fieldOf(fields, "publicly_accessible") === true
    ? [{ key: "public", sentence: [code(address), " can be reached from the internet"] }]
    : [];

/** What is open to the internet after the change and was not before. */
export const newOpenings = (
  type: string,
  address: string,
  before: Fields,
  after: Fields,
  configured: Configured,
): readonly Phrase[] => {
  const find = Object.hasOwn(openings, type) ? openings[type] : undefined;
  const of = (fields: Fields): readonly Opening[] =>
    Object.keys(fields).length === 0
      ? []
      : [
          ...(find?.(
            fields,
            (...attributes) =>
              attributes.map((attribute) => textOf(fields, attribute)).find((text) => text !== undefined) ??
              attributes.flatMap((attribute) => configured.references(address, attribute)).at(0) ??
              address,
          ) ?? []),
          ...generic(type, fields, address),
        ];
  const known = new Set(of(before).map(({ key }) => key));
  return of(after).flatMap(({ key, sentence }) => (known.has(key) ? [] : [sentence]));
};
