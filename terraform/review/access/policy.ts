import { blocksOf, type Fields, fieldOf, isFields, isList, markValue, textOf, textsOf } from "../value.ts";

/** Who a statement speaks of. */
export interface Principal {
  readonly kind: "anyone" | "service" | "account" | "identity" | "provider" | "user" | "except";
  readonly name: string;
}

/** One line of a condition block: the values are alternatives. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One action on one resource by one principal under one set of conditions. */
export interface Grant {
  readonly effect: "Allow" | "Deny";
  /** Absent in a policy of an identity: whoever carries it. */
  readonly principal?: Principal;
  readonly action: string;
  /** Everything but this action, as NotAction says. */
  readonly exceptActions: readonly string[];
  readonly resource: string;
  /** Everything but these, as NotResource says. */
  readonly exceptResources: readonly string[];
  readonly conditions: readonly Condition[];
}

const principalOf = (kind: string, name: string): Principal => {
  if (name === "*" && kind === "AWS") return { kind: "anyone", name };
  if (kind === "Service") return { kind: "service", name };
  if (kind === "Federated") return { kind: "provider", name };
  if (kind === "CanonicalUser") return { kind: "user", name };
  const account = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(name)?.[1];
  return account === undefined ? { kind: "identity", name } : { kind: "account", name: account };
};

const principalsOf = (statement: Fields): readonly (Principal | undefined)[] => {
  const given = fieldOf(statement, "Principal");
  if (given === "*") return [{ kind: "anyone", name: "*" }];
  if (isFields(given))
    return Object.keys(given).flatMap((kind) => textsOf(given, kind).map((name) => principalOf(kind, name)));
  const except = fieldOf(statement, "NotPrincipal");
  if (except !== undefined)
    return [
      {
        kind: "except",
        name: isFields(except)
          ? Object.keys(except)
              .flatMap((kind) => textsOf(except, kind))
              .join(", ")
          : "*",
      },
    ];
  return [undefined];
};

const conditionsOf = (statement: Fields): readonly Condition[] => {
  const given = fieldOf(statement, "Condition");
  if (!isFields(given)) return [];
  return Object.keys(given)
    .flatMap((operator) => {
      const lines = fieldOf(given, operator);
      if (!isFields(lines)) return [];
      return Object.keys(lines).map((key) => {
        const value = fieldOf(lines, key);
        const values = (isList(value) ? value : [value]).map((one) =>
          typeof one === "string" ? one : (JSON.stringify(one) ?? ""),
        );
        return { operator, key, values: values.sort() };
      });
    })
    .sort((one, other) => (one.operator + one.key < other.operator + other.key ? -1 : 1));
};

const grantsOf = (statement: Fields): readonly Grant[] => {
  const exceptActions = [...textsOf(statement, "NotAction")].sort();
  const exceptResources = [...textsOf(statement, "NotResource")].sort();
  const actions = exceptActions.length > 0 ? ["*"] : textsOf(statement, "Action");
  const named = textsOf(statement, "Resource");
  // A policy of a resource may leave out what it is about: the resource itself.
  const resources = exceptResources.length > 0 ? ["*"] : named.length > 0 ? named : [""];
  const conditions = conditionsOf(statement);
  const effect = textOf(statement, "Effect") === "Deny" ? "Deny" : "Allow";
  return principalsOf(statement).flatMap((principal) =>
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
 * What a policy document allows and denies, taken apart (IAM user guide, "JSON policy elements"); undefined where
 * the text is none.
 */
export const parsePolicy = (text: string): readonly Grant[] | undefined => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return undefined;
  }
  const policy = markValue(document, false);
  if (!isFields(policy) || fieldOf(policy, "Statement") === undefined) return undefined;
  return blocksOf(policy, "Statement").flatMap(grantsOf);
};
