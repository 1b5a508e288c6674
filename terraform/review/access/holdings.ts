import { code, type Phrase } from "../phrase.ts";
import type { Configured } from "../references.ts";
import { type Fields, fieldOf, Sensitive, textOf, textsOf, Unknown } from "../value.ts";
import { type Grant, parsePolicy } from "./policy.ts";
import { shortName } from "./words.ts";

/** Whose policy it is, or what it is about. */
export interface Subject {
  /**
   * `identity`: what it may do. `policy`: the same of whoever carries it, or has it as a boundary. `resource`: who may
   * do something with it. `trust`: who may take the role.
   */
  readonly side: "identity" | "policy" | "resource" | "trust";
  /** In words: "role", "queue". */
  readonly noun: string;
  readonly name: string;
}

/** What a resource of the plan says of access, on one side of the change. */
export interface Holdings {
  readonly subject: Subject;
  /** Undefined: not known before apply, or not to be shown. */
  readonly grants: readonly Grant[] | undefined;
  /** Why the grants are not known. */
  readonly unread?: Phrase;
}

/** A resource whose attribute is a policy. */
interface PolicySource {
  readonly attribute: string;
  readonly side: Subject["side"];
  readonly noun: string;
  /** Attributes that name the subject: the first that is known. */
  readonly subject: readonly string[];
}
const source = (
  side: Subject["side"],
  noun: string,
  subject: readonly string[],
  attribute = "policy",
): PolicySource => ({ attribute, side, noun, subject });

const sources: Readonly<Record<string, readonly PolicySource[]>> = {
  aws_iam_role_policy: [source("identity", "role", ["role"])],
  aws_iam_user_policy: [source("identity", "user", ["user"])],
  aws_iam_group_policy: [source("identity", "group", ["group"])],
  aws_iam_policy: [source("policy", "policy", ["name", "arn"])],
  aws_iam_role: [source("trust", "role", ["name", "arn"], "assume_role_policy")],
  aws_s3_bucket_policy: [source("resource", "bucket", ["bucket"])],
  aws_s3_access_point: [source("resource", "access point", ["name"])],
  aws_sqs_queue: [source("resource", "queue", ["name", "url"])],
  aws_sqs_queue_policy: [source("resource", "queue", ["queue_url"])],
  aws_sns_topic: [source("resource", "topic", ["name", "arn"])],
  aws_sns_topic_policy: [source("resource", "topic", ["arn"])],
  aws_kms_key: [source("resource", "key", ["description", "arn"])],
  aws_kms_key_policy: [source("resource", "key", ["key_id"])],
  aws_secretsmanager_secret: [source("resource", "secret", ["name", "arn"])],
  aws_secretsmanager_secret_policy: [source("resource", "secret", ["secret_arn"])],
  aws_ecr_repository_policy: [source("resource", "repository", ["repository"])],
  aws_ecr_registry_policy: [source("resource", "registry", ["registry_id"])],
  aws_dynamodb_resource_policy: [source("resource", "table", ["resource_arn"])],
  aws_cloudwatch_event_bus_policy: [source("resource", "event bus", ["event_bus_name"])],
  aws_cloudwatch_log_resource_policy: [
    source("resource", "log groups, by policy", ["policy_name"], "policy_document"),
  ],
  aws_vpc_endpoint: [source("resource", "VPC endpoint", ["service_name"])],
};

/** A queue's or topic's own name from its URL or ARN, so that both its policies speak of one thing. */
const resourceName = (noun: string, name: string): string => {
  if (noun === "queue" && /^https?:/.test(name)) return name.split("/").at(-1) ?? name;
  if (noun === "topic") return /^arn:[\w-]+:sns:[^:]*:[^:]*:(.+)$/.exec(name)?.[1] ?? name;
  return shortName(name);
};

const subjectOf = (
  { side, noun, subject }: PolicySource,
  fields: Fields,
  address: string,
  configured: Configured,
): Subject => {
  const known = subject.map((attribute) => textOf(fields, attribute)).find((text) => text !== undefined);
  if (known !== undefined) return { side, noun, name: resourceName(noun, known) };
  const hidden = subject.some((attribute) => fieldOf(fields, attribute) instanceof Sensitive);
  const named = subject.flatMap((attribute) => configured.references(address, attribute)).at(0);
  return { side, noun, name: hidden || named === undefined ? address : named };
};

const unreadPolicy = (value: unknown, address: string, attribute: string, configured: Configured): Phrase => {
  if (value instanceof Sensitive) return ["is sensitive and not shown"];
  const named = configured.references(address, attribute);
  return [
    "is known after apply",
    ...(named.length === 0 ? [] : ["; it names "]),
    ...named.flatMap((name, at) => (at === 0 ? [code(name)] : [", ", code(name)])),
  ];
};

const policyHoldings = (
  from: PolicySource,
  fields: Fields,
  address: string,
  configured: Configured,
): readonly Holdings[] => {
  const value = fieldOf(fields, from.attribute);
  const subject = subjectOf(from, fields, address, configured);
  const text =
    typeof value === "string"
      ? value
      : value instanceof Unknown
        ? configured.text(address, from.attribute)
        : undefined;
  if (text === "" || value === null || value === undefined) return [];
  // Where the configuration sets none it is AWS's own, or the mirror of a resource that has it as its subject.
  if (configured.sets(address, from.attribute) === false) return [];
  const grants = text === undefined ? undefined : parsePolicy(text);
  if (grants !== undefined) return [{ subject, grants }];
  return [{ subject, grants: undefined, unread: unreadPolicy(value, address, from.attribute, configured) }];
};

/** `aws_lambda_permission` says in attributes what a statement says (Lambda API, AddPermission). */
const permissionHoldings = (fields: Fields, address: string, configured: Configured): readonly Holdings[] => {
  const read = (attribute: string): string | undefined =>
    textOf(fields, attribute) ??
    (fieldOf(fields, attribute) instanceof Unknown ? configured.text(address, attribute) : undefined);
  const name = read("function_name") ?? configured.references(address, "function_name").at(0) ?? address;
  const principal = read("principal") ?? "*";
  const condition = (operator: string, key: string, attribute: string) => {
    const value = read(attribute);
    return value === undefined ? [] : [{ operator, key, values: [value] }];
  };
  const service = /\.amazonaws\.com(?:\.cn)?$/.test(principal);
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  return [
    {
      subject: { side: "resource", noun: "function", name: /:function:(.+)$/.exec(name)?.[1] ?? name },
      grants: [
        {
          effect: "Allow",
          principal: service
            ? { kind: "service", name: principal }
            : principal === "*"
              ? { kind: "anyone", name: "*" }
              : account === undefined
                ? { kind: "identity", name: principal }
                : { kind: "account", name: account },
          action: read("action") ?? "lambda:InvokeFunction",
          exceptActions: [],
          resource: "",
          exceptResources: [],
          conditions: [
            ...condition("ArnLike", "aws:SourceArn", "source_arn"),
            ...condition("StringEquals", "aws:SourceAccount", "source_account"),
            ...condition("StringEquals", "aws:PrincipalOrgID", "principal_org_id"),
            ...condition("StringEquals", "lambda:FunctionUrlAuthType", "function_url_auth_type"),
          ],
        },
      ],
    },
  ];
};

/** Inline policies that a role, user or group carries as blocks of its own. */
const inlineHoldings = (fields: Fields, noun: string, address: string): readonly Holdings[] =>
  textOf(fields, "name") === undefined
    ? []
    : inlinePolicies(fields).map((policy) => ({
        subject: { side: "identity", noun, name: textOf(fields, "name") ?? address },
        grants: parsePolicy(policy),
        unread: ["cannot be read"],
      }));
const inlinePolicies = (fields: Fields): readonly string[] => {
  const blocks = fieldOf(fields, "inline_policy");
  return Array.isArray(blocks) ? blocks.flatMap((block) => textsOf(block, "policy")) : [];
};

/** What a resource says of access; nothing for most. */
export const holdingsOf = (
  type: string,
  address: string,
  fields: Fields,
  configured: Configured,
): readonly Holdings[] => {
  if (Object.keys(fields).length === 0) return [];
  if (type === "aws_lambda_permission") return permissionHoldings(fields, address, configured);
  const own = Object.hasOwn(sources, type) ? (sources[type] ?? []) : [];
  const inline =
    type === "aws_iam_role" && configured.sets(address, "inline_policy") === true
      ? inlineHoldings(fields, "role", address)
      : [];
  return [...own.flatMap((from) => policyHoldings(from, fields, address, configured)), ...inline];
};
