import { code, type Phrase } from "../phrase.ts";
import type { PlanConfiguration } from "../plan-configuration.ts";
import { type Fields, getField, getText, getTexts, SensitiveValue, UnknownValue } from "../value.ts";
import { type Grant, parsePolicy } from "./policy.ts";
import { shortenArn } from "./render-terms.ts";

/** Whose policy it is, or what it is about. */
export interface Subject {
  /**
   * `identity`: what it may do. `policy`: the same of whoever carries it, or has it as a boundary. `resource`: who may
   * do something with it. `trust`: who may take the role.
   */
  readonly policyKind: "identity" | "policy" | "resource" | "trust";
  /** In words: "role", "queue". */
  readonly noun: string;
  readonly name: string;
}

/** What a resource of the plan says of access, on one side of the change. */
export interface PolicyGrants {
  readonly subject: Subject;
  /** Undefined: not known before apply, or not to be shown. */
  readonly grants: readonly Grant[] | undefined;
  /** Why the grants are not known. */
  readonly unknownReason?: Phrase;
}

/** A resource whose attribute is a policy. */
interface PolicySource {
  readonly attribute: string;
  readonly policyKind: Subject["policyKind"];
  readonly noun: string;
  /** Attributes that name the subject: the first that is known. */
  readonly subject: readonly string[];
}
const createPolicySource = (
  policyKind: Subject["policyKind"],
  noun: string,
  subject: readonly string[],
  attribute = "policy",
): PolicySource => ({ attribute, policyKind, noun, subject });

const policySources: Readonly<Record<string, readonly PolicySource[]>> = {
  aws_iam_role_policy: [createPolicySource("identity", "role", ["role"])],
  aws_iam_user_policy: [createPolicySource("identity", "user", ["user"])],
  aws_iam_group_policy: [createPolicySource("identity", "group", ["group"])],
  aws_iam_policy: [createPolicySource("policy", "policy", ["name", "arn"])],
  aws_iam_role: [createPolicySource("trust", "role", ["name", "arn"], "assume_role_policy")],
  aws_s3_bucket_policy: [createPolicySource("resource", "bucket", ["bucket"])],
  aws_s3_access_point: [createPolicySource("resource", "access point", ["name"])],
  aws_sqs_queue: [createPolicySource("resource", "queue", ["name", "url"])],
  aws_sqs_queue_policy: [createPolicySource("resource", "queue", ["queue_url"])],
  aws_sns_topic: [createPolicySource("resource", "topic", ["name", "arn"])],
  aws_sns_topic_policy: [createPolicySource("resource", "topic", ["arn"])],
  aws_kms_key: [createPolicySource("resource", "key", ["description", "arn"])],
  aws_kms_key_policy: [createPolicySource("resource", "key", ["key_id"])],
  aws_secretsmanager_secret: [createPolicySource("resource", "secret", ["name", "arn"])],
  aws_secretsmanager_secret_policy: [createPolicySource("resource", "secret", ["secret_arn"])],
  aws_ecr_repository_policy: [createPolicySource("resource", "repository", ["repository"])],
  aws_ecr_registry_policy: [createPolicySource("resource", "registry", ["registry_id"])],
  aws_dynamodb_resource_policy: [createPolicySource("resource", "table", ["resource_arn"])],
  aws_cloudwatch_event_bus_policy: [createPolicySource("resource", "event bus", ["event_bus_name"])],
  aws_cloudwatch_log_resource_policy: [
    createPolicySource("resource", "log groups, by policy", ["policy_name"], "policy_document"),
  ],
  aws_vpc_endpoint: [createPolicySource("resource", "VPC endpoint", ["service_name"])],
};

/** A queue's or topic's own name from its URL or ARN, so that both its policies speak of one thing. */
const shortenName = (noun: string, name: string): string => {
  if (noun === "queue" && /^https?:/.test(name)) return name.split("/").at(-1) ?? name;
  if (noun === "topic") return /^arn:[\w-]+:sns:[^:]*:[^:]*:(.+)$/.exec(name)?.[1] ?? name;
  return shortenArn(name);
};

const findSubject = (
  { policyKind, noun, subject }: PolicySource,
  fields: Fields,
  address: string,
  configuration: PlanConfiguration,
): Subject => {
  const subjectName = subject
    .map((attribute) => getText(fields, attribute))
    .find((text) => text !== undefined);
  if (subjectName !== undefined) return { policyKind, noun, name: shortenName(noun, subjectName) };
  const isSensitive = subject.some((attribute) => getField(fields, attribute) instanceof SensitiveValue);
  const references = subject.flatMap((attribute) => configuration.references(address, attribute)).at(0);
  return { policyKind, noun, name: isSensitive || references === undefined ? address : references };
};

const describeUnknownPolicy = (
  value: unknown,
  address: string,
  attribute: string,
  configuration: PlanConfiguration,
): Phrase => {
  if (value instanceof SensitiveValue) return ["is sensitive and not shown"];
  const references = configuration.references(address, attribute);
  return [
    "is known after apply",
    ...(references.length === 0 ? [] : ["; it names "]),
    ...references.flatMap((name, at) => (at === 0 ? [code(name)] : [", ", code(name)])),
  ];
};

const readPolicyGrants = (
  source: PolicySource,
  fields: Fields,
  address: string,
  configuration: PlanConfiguration,
): readonly PolicyGrants[] => {
  const value = getField(fields, source.attribute);
  const subject = findSubject(source, fields, address, configuration);
  const text =
    typeof value === "string"
      ? value
      : value instanceof UnknownValue
        ? configuration.getText(address, source.attribute)
        : undefined;
  if (text === "" || value === null || value === undefined) return [];
  // Where the configuration sets none it is AWS's own, or the mirror of a resource that has it as its subject.
  if (configuration.isSet(address, source.attribute) === false) return [];
  const grants = text === undefined ? undefined : parsePolicy(text);
  if (grants !== undefined) return [{ subject, grants }];
  return [
    {
      subject,
      grants: undefined,
      unknownReason: describeUnknownPolicy(value, address, source.attribute, configuration),
    },
  ];
};

/** `aws_lambda_permission` says in attributes what a statement says (Lambda API, AddPermission). */
const readPermissionGrants = (
  fields: Fields,
  address: string,
  configuration: PlanConfiguration,
): readonly PolicyGrants[] => {
  const read = (attribute: string): string | undefined =>
    getText(fields, attribute) ??
    (getField(fields, attribute) instanceof UnknownValue
      ? configuration.getText(address, attribute)
      : undefined);
  const name = read("function_name") ?? configuration.references(address, "function_name").at(0) ?? address;
  const principal = read("principal") ?? "*";
  const condition = (operator: string, key: string, attribute: string) => {
    const value = read(attribute);
    return value === undefined ? [] : [{ operator, key, values: [value] }];
  };
  const isService = /\.amazonaws\.com(?:\.cn)?$/.test(principal);
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
  return [
    {
      subject: { policyKind: "resource", noun: "function", name: /:function:(.+)$/.exec(name)?.[1] ?? name },
      grants: [
        {
          effect: "Allow",
          principal: isService
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
const readInlineGrants = (fields: Fields, noun: string, address: string): readonly PolicyGrants[] =>
  getText(fields, "name") === undefined
    ? []
    : getInlinePolicies(fields).map((policy) => ({
        subject: { policyKind: "identity", noun, name: getText(fields, "name") ?? address },
        grants: parsePolicy(policy),
        unknownReason: ["cannot be read"],
      }));
const getInlinePolicies = (fields: Fields): readonly string[] => {
  const blocks = getField(fields, "inline_policy");
  return Array.isArray(blocks) ? blocks.flatMap((block) => getTexts(block, "policy")) : [];
};

/** What a resource says of access; nothing for most. */
export const findPolicyGrants = (
  type: string,
  address: string,
  fields: Fields,
  configuration: PlanConfiguration,
): readonly PolicyGrants[] => {
  if (Object.keys(fields).length === 0) return [];
  if (type === "aws_lambda_permission") return readPermissionGrants(fields, address, configuration);
  const ownGrants = Object.hasOwn(policySources, type) ? (policySources[type] ?? []) : [];
  const inlineGrants =
    type === "aws_iam_role" && configuration.isSet(address, "inline_policy") === true
      ? readInlineGrants(fields, "role", address)
      : [];
  return [
    ...ownGrants.flatMap((source) => readPolicyGrants(source, fields, address, configuration)),
    ...inlineGrants,
  ];
};
