import { code, enumerate, type Phrase } from "./phrase.ts";
import type { PlanConfiguration } from "./plan-configuration.ts";
import { type Fields, getBlocks, getField, getText, getTexts } from "./value.ts";

/** A resource that is exposed to the internet. */
interface Exposure {
  /** Identifies the exposure before and after the change. */
  readonly key: string;
  readonly sentence: Phrase;
}

const wholeInternetPattern = /^(?:0\.0\.0\.0\/0|::\/0)$/;

const describePorts = (fields: Fields, protocol: string): string => {
  const [from, to] = [getField(fields, "from_port"), getField(fields, "to_port")];
  if (protocol === "-1" || protocol === "all") return "every port";
  if (typeof from !== "number" || typeof to !== "number") return `${protocol} ports`;
  if (from === to) return `${protocol} port ${from}`;
  return from <= 0 && to >= 65_535 ? `every ${protocol} port` : `${protocol} ports ${from} to ${to}`;
};

const ranges = ["cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6"];

const checkIngressRule = (rule: Fields, group: string): readonly Exposure[] => {
  const open = ranges
    .flatMap((name) => getTexts(rule, name))
    .filter((range) => wholeInternetPattern.test(range));
  if (open.length === 0) return [];
  const ports = describePorts(rule, getText(rule, "protocol") ?? getText(rule, "ip_protocol") ?? "-1");
  return [
    {
      key: `${ports} ${open.join(" ")}`,
      sentence: [
        "The internet (",
        ...enumerate(open.map(code)),
        ") can reach ",
        code(ports),
        " in security group ",
        code(group),
      ],
    },
  ];
};

type ExposureCheck = (
  fields: Fields,
  name: (...attributes: readonly string[]) => string,
) => readonly Exposure[];

const createExposure = (open: boolean, sentence: Phrase): readonly Exposure[] =>
  open ? [{ key: "open", sentence }] : [];

const exposureChecks: Readonly<Record<string, ExposureCheck>> = {
  aws_security_group: (fields, name) =>
    getBlocks(fields, "ingress").flatMap((rule) => checkIngressRule(rule, name("name", "id"))),
  aws_default_security_group: (fields, name) =>
    getBlocks(fields, "ingress").flatMap((rule) => checkIngressRule(rule, name("id"))),
  aws_security_group_rule: (fields, name) =>
    getText(fields, "type") === "ingress" ? checkIngressRule(fields, name("security_group_id")) : [],
  aws_vpc_security_group_ingress_rule: (fields, name) => checkIngressRule(fields, name("security_group_id")),
  aws_lambda_function_url: (fields, name) =>
    createExposure(getText(fields, "authorization_type") === "NONE", [
      "Anyone can call function ",
      code(name("function_name")),
      " by its URL, without a signature",
    ]),
  aws_apigatewayv2_route: (fields) =>
    createExposure((getText(fields, "authorization_type") ?? "NONE") === "NONE", [
      "API Gateway does not authorize requests to route ",
      code(getText(fields, "route_key") ?? "?"),
      ": the integration must authenticate callers",
    ]),
  aws_s3_bucket_acl: (fields, name) =>
    createExposure(/^public-|^authenticated-read$/.test(getText(fields, "acl") ?? ""), [
      "The ACL of bucket ",
      code(name("bucket")),
      " makes it public: ",
      code(getText(fields, "acl") ?? ""),
    ]),
  aws_subnet: (fields, name) =>
    createExposure(getField(fields, "map_public_ip_on_launch") === true, [
      "Resources started in subnet ",
      code(name("cidr_block", "id")),
      " get a public IP address",
    ]),
};

const checkPubliclyAccessible = (type: string, fields: Fields, address: string): readonly Exposure[] =>
  /^aws_(?:db|rds|redshift|neptune|docdb|dms|mq)_/.test(type) &&
  getField(fields, "publicly_accessible") === true
    ? [{ key: "public", sentence: [code(address), " can be reached from the internet"] }]
    : [];

/** Finds exposures to the internet that a change adds. */
export const findNewExposures = (
  type: string,
  address: string,
  before: Fields,
  after: Fields,
  configuration: PlanConfiguration,
): readonly Phrase[] => {
  const find = Object.hasOwn(exposureChecks, type) ? exposureChecks[type] : undefined;
  const findExposures = (fields: Fields): readonly Exposure[] =>
    Object.keys(fields).length === 0
      ? []
      : [
          ...(find?.(
            fields,
            (...attributes) =>
              attributes.map((attribute) => getText(fields, attribute)).find((text) => text !== undefined) ??
              attributes.flatMap((attribute) => configuration.references(address, attribute)).at(0) ??
              address,
          ) ?? []),
          ...checkPubliclyAccessible(type, fields, address),
        ];
  const existingKeys = new Set(findExposures(before).map(({ key }) => key));
  return findExposures(after).flatMap(({ key, sentence }) => (existingKeys.has(key) ? [] : [sentence]));
};
