import { code, type Phrase } from "../phrase.ts";
import type { PlanConfiguration } from "../plan-configuration.ts";
import { type Fields, getField, getText, getTexts, SensitiveValue, UnknownValue } from "../value.ts";
import { type Grant, parsePolicy } from "./policy.ts";
import { shortenArn } from "./render-terms.ts";

/** The identity or resource that a policy belongs to. */
export interface Subject {
  /**
   * `identity`: an identity-based policy. `policy`: a managed policy, which can be attached or used as a boundary.
   * `resource`: a resource-based policy. `trust`: the trust policy of a role.
   */
  readonly policyKind: "identity" | "policy" | "resource" | "trust";
  /** Type for messages, e.g. "role", "queue". */
  readonly noun: string;
  readonly name: string;
}

/** The grants of one policy on one side of a change. */
export interface PolicyGrants {
  readonly subject: Subject;
  /** Undefined if known after apply, or sensitive. */
  readonly grants: readonly Grant[] | undefined;
  /** Why the grants are undefined. */
  readonly unknownReason?: Phrase;
}

/** A resource attribute with a policy. */
interface PolicySource {
  readonly attribute: string;
  readonly policyKind: Subject["policyKind"];
  readonly noun: string;
  /** Attributes that can name the subject; the first known one is used. */
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

/** Extracts a queue's or topic's name from its URL or ARN, so that all its policies have the same subject. */
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
    ...(references.length === 0 ? [] : ["; it refers to "]),
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
  // If the configuration does not set it, it is AWS's default or the policy of another resource.
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

/** Reads the grants of an `aws_lambda_permission` from its attributes (Lambda API, AddPermission). */
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

/** Reads the grants of inline policy blocks in a role, user or group. */
const readInlineGrants = (fields: Fields, noun: string, address: string): readonly PolicyGrants[] =>
  getText(fields, "name") === undefined
    ? []
    : getInlinePolicies(fields).map((policy) => ({
        subject: { policyKind: "identity", noun, name: getText(fields, "name") ?? address },
        grants: parsePolicy(policy),
        unknownReason: ["is not a valid policy"],
      }));
const getInlinePolicies = (fields: Fields): readonly string[] => {
  const blocks = getField(fields, "inline_policy");
  return Array.isArray(blocks) ? blocks.flatMap((block) => getTexts(block, "policy")) : [];
};

/** Finds the policies of a resource with their grants; empty for most resources. */
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
