import { code, enumerate, type Phrase } from "../phrase.ts";
import type { Condition, Principal } from "./policy.ts";

const operatorTexts: Readonly<Record<string, string>> = {
  StringEquals: "is",
  StringNotEquals: "is not",
  StringEqualsIgnoreCase: "is, in any case,",
  StringNotEqualsIgnoreCase: "is not, in any case,",
  StringLike: "is like",
  StringNotLike: "is not like",
  ArnEquals: "is",
  ArnNotEquals: "is not",
  ArnLike: "is like",
  ArnNotLike: "is not like",
  NumericEquals: "is",
  NumericNotEquals: "is not",
  NumericLessThan: "is less than",
  NumericLessThanEquals: "is at most",
  NumericGreaterThan: "is more than",
  NumericGreaterThanEquals: "is at least",
  DateEquals: "is",
  DateNotEquals: "is not",
  DateLessThan: "is before",
  DateLessThanEquals: "is not after",
  DateGreaterThan: "is after",
  DateGreaterThanEquals: "is not before",
  IpAddress: "is in",
  NotIpAddress: "is not in",
  BinaryEquals: "is",
  Bool: "is",
};

/** Descriptions of condition keys (IAM user guide, "Global condition keys"); other keys are shown as code. */
const conditionKeyTexts: Readonly<Record<string, string>> = {
  "aws:sourceaccount": "the source account",
  "aws:sourcearn": "the source resource",
  "aws:principalorgid": "the caller's organisation",
  "aws:principalaccount": "the caller's account",
  "aws:principalarn": "the caller",
  "aws:sourceip": "the caller's IP address",
  "aws:sourcevpce": "the VPC endpoint",
  "aws:requestedregion": "the region",
  "iam:passedtoservice": "the service it is passed to",
  "iam:permissionsboundary": "the role's permissions boundary",
  "kms:viaservice": "the calling service",
  "sts:externalid": "the external id",
  "ecs:cluster": "the cluster",
  "s3:prefix": "the prefix",
  "token.actions.githubusercontent.com:sub": "the GitHub workflow",
  "token.actions.githubusercontent.com:aud": "the audience",
};

const setOperatorPrefix = /^(?:ForAnyValue|ForAllValues):/;
const ifExistsSuffix = /IfExists$/;

/** Renders a condition, e.g. "the service it is passed to is `ecs-tasks.amazonaws.com`". */
const renderCondition = ({ operator, key, values }: Condition): Phrase => {
  const baseOperator = operator.replace(setOperatorPrefix, "").replace(ifExistsSuffix, "");
  const lowerCaseKey = key.toLowerCase();
  const name = Object.hasOwn(conditionKeyTexts, lowerCaseKey)
    ? (conditionKeyTexts[lowerCaseKey] ?? "")
    : code(key);
  if (lowerCaseKey === "aws:securetransport" && baseOperator === "Bool")
    return [values.includes("true") ? "the request is over TLS" : "the request is not over TLS"];
  if (lowerCaseKey === "aws:multifactorauthpresent" && baseOperator === "Bool")
    return [values.includes("true") ? "the caller used MFA" : "the caller did not use MFA"];
  if (baseOperator === "Null") return [name, values.includes("true") ? " is absent" : " is present"];
  const verb = Object.hasOwn(operatorTexts, baseOperator) ? operatorTexts[baseOperator] : undefined;
  const quantifier = operator.startsWith("ForAllValues:")
    ? ["every value of "]
    : operator.startsWith("ForAnyValue:")
      ? ["some value of "]
      : [];
  return [
    ...quantifier,
    name,
    ...(verb === undefined ? [" ", code(baseOperator), " "] : [` ${verb} `]),
    ...enumerate(values.map(code), "or"),
    ...(ifExistsSuffix.test(operator) ? [", or the key is absent"] : []),
  ];
};

/** Renders conditions as ", if …, and if …"; empty without conditions. */
export const renderConditions = (conditions: readonly Condition[]): Phrase =>
  conditions.flatMap((condition, at) => [at === 0 ? ", if " : ", and if ", ...renderCondition(condition)]);

/** Renders a principal, e.g. "service `lambda.amazonaws.com`". */
const renderPrincipal = ({ kind, name }: Principal): Phrase => {
  switch (kind) {
    case "anyone":
      return ["anyone"];
    case "service":
      return ["service ", code(name)];
    case "account":
      return ["account ", code(name)];
    case "provider":
      return ["identities of provider ", code(name)];
    case "user":
      return ["the account of canonical user ", code(name)];
    case "except":
      return name === "*" ? ["no one"] : ["everyone except ", code(name)];
    case "identity": {
      const role = /^arn:[\w-]+:iam::\d{12}:(role|user)\/(.+)$/.exec(name);
      return role === null ? [code(name)] : [`${role[1]} `, code(role[2] ?? name)];
    }
  }
};

/** Renders several principals, e.g. "services `a` and `b`". */
export const renderPrincipals = (principals: readonly Principal[]): Phrase => {
  const [first, ...more] = principals;
  if (first === undefined) return [];
  if (more.length > 0 && principals.every(({ kind }) => kind === "service"))
    return ["services ", ...enumerate(principals.map(({ name }) => code(name)))];
  return principals.flatMap((principal, at) => [
    ...(at === 0 ? [] : [at === principals.length - 1 ? " and " : ", "]),
    ...renderPrincipal(principal),
  ]);
};

/** Renders subjects, e.g. "role `a`", "roles `a` and `b`". */
export const renderSubjects = (noun: string, names: readonly string[]): Phrase => [
  names.length === 1
    ? noun
    : noun.endsWith("y") && !noun.endsWith("ey")
      ? `${noun.slice(0, -1)}ies`
      : `${noun}s`,
  " ",
  ...enumerate(names.map(code)),
];

/** Shortens an IAM ARN to its name; other texts are returned unchanged. */
export const shortenArn = (name: string): string =>
  /^arn:[\w-]+:iam::\d{12}:\w+\/(.+)$/.exec(name)?.[1] ?? name;
