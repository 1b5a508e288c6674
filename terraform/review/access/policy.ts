import { parseJson } from "../../../pipeline/text/parse-json.ts";
import {
  applyMarks,
  type Fields,
  getBlocks,
  getField,
  getText,
  getTexts,
  isFields,
  isList,
} from "../value.ts";

/** A principal of a statement. */
export interface Principal {
  readonly kind: "anyone" | "service" | "account" | "identity" | "provider" | "user" | "except";
  readonly name: string;
}

/** One condition of a statement; any of the values matches. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** A permission or denial of one action on one resource for one principal, with conditions. */
export interface Grant {
  readonly effect: "Allow" | "Deny";
  /** Undefined in identity-based policies. */
  readonly principal?: Principal;
  readonly action: string;
  /** Actions of NotAction. */
  readonly exceptActions: readonly string[];
  readonly resource: string;
  /** Resources of NotResource. */
  readonly exceptResources: readonly string[];
  readonly conditions: readonly Condition[];
}

const parsePrincipal = (kind: string, name: string): Principal => {
  if (name === "*" && kind === "AWS") return { kind: "anyone", name };
  if (kind === "Service") return { kind: "service", name };
  if (kind === "Federated") return { kind: "provider", name };
  if (kind === "CanonicalUser") return { kind: "user", name };
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account === undefined ? { kind: "identity", name } : { kind: "account", name: account };
};

const parsePrincipals = (statement: Fields): readonly (Principal | undefined)[] => {
  const principal = getField(statement, "Principal");
  if (principal === "*") return [{ kind: "anyone", name: "*" }];
  if (isFields(principal))
    return Object.keys(principal).flatMap((kind) =>
      getTexts(principal, kind).map((name) => parsePrincipal(kind, name)),
    );
  const exception = getField(statement, "NotPrincipal");
  if (exception !== undefined)
    return [
      {
        kind: "except",
        name: isFields(exception)
          ? Object.keys(exception)
              .flatMap((kind) => getTexts(exception, kind))
              .join(", ")
          : "*",
      },
    ];
  return [undefined];
};

const parseConditions = (statement: Fields): readonly Condition[] => {
  const conditions = getField(statement, "Condition");
  if (!isFields(conditions)) return [];
  return Object.keys(conditions)
    .flatMap((operator) => {
      const lines = getField(conditions, operator);
      if (!isFields(lines)) return [];
      return Object.keys(lines).map((key) => {
        const value = getField(lines, key);
        const values = (isList(value) ? value : [value]).map((one) =>
          typeof one === "string" ? one : (JSON.stringify(one) ?? ""),
        );
        return { operator, key, values: values.sort() };
      });
    })
    .sort((one, other) => (one.operator + one.key < other.operator + other.key ? -1 : 1));
};

const parseGrants = (statement: Fields): readonly Grant[] => {
  const exceptActions = [...getTexts(statement, "NotAction")].sort();
  const exceptResources = [...getTexts(statement, "NotResource")].sort();
  const actions = exceptActions.length > 0 ? ["*"] : getTexts(statement, "Action");
  const namedResources = getTexts(statement, "Resource");
  // A resource-based policy may omit Resource.
  const resources = exceptResources.length > 0 ? ["*"] : namedResources.length > 0 ? namedResources : [""];
  const conditions = parseConditions(statement);
  const effect = getText(statement, "Effect") === "Deny" ? "Deny" : "Allow";
  return parsePrincipals(statement).flatMap((principal) =>
    actions.flatMap((action) =>
      resources.map((resource) => ({
        effect,
        ...(principal === undefined ? {} : { principal }),
        action,
        exceptActions,
        resource,
        exceptResources,
        conditions,
      })),
    ),
  );
};

/**
 * Parses a policy document into single grants (IAM user guide, "JSON policy elements"); undefined if the
 * text is not a policy.
 */
export const parsePolicy = (text: string): readonly Grant[] | undefined => {
  const document = parseJson(text);
  if (document === undefined) return undefined;
  const policy = applyMarks(document, false);
  if (!isFields(policy) || getField(policy, "Statement") === undefined) return undefined;
  return getBlocks(policy, "Statement").flatMap(parseGrants);
};
