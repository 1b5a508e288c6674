import { type Body, bodies, isBody, text, texts } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block } from "./estate.ts";

/** One condition of a statement. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of an IAM or resource policy. */
export interface Statement {
  readonly allows: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Kind (`AWS`, `Service`, `Federated`; `*` for anybody) and who. */
  readonly principals: readonly (readonly [kind: string, who: string])[];
  readonly conditions: readonly Condition[];
}

const fromJson = (statement: Body): Statement => ({
  allows: text(statement, "Effect") === "Allow",
  // Whoever allows all but some allows everything that a rule could mind.
  actions: "NotAction" in statement ? ["*"] : texts(statement, "Action"),
  resources: "NotResource" in statement ? ["*"] : texts(statement, "Resource"),
  principals: [
    ...texts(statement, "Principal").map((who) => ["*", who] as const),
    ...("NotPrincipal" in statement ? [["*", "*"] as const] : []),
    ...bodies(statement, "Principal").flatMap((kinds) =>
      Object.keys(kinds).flatMap((kind) => texts(kinds, kind).map((who) => [kind, who] as const)),
    ),
  ],
  conditions: bodies(statement, "Condition").flatMap((operators) =>
    Object.keys(operators).flatMap((operator) =>
      bodies(operators, operator).flatMap((keys) =>
        Object.keys(keys).map((key) => ({ operator, key, values: texts(keys, key) })),
      ),
    ),
  ),
});

const fromDocument = (statement: Body): Statement => ({
  allows: text(statement, "effect") !== "Deny",
  actions: "not_actions" in statement ? ["*"] : texts(statement, "actions"),
  resources: "not_resources" in statement ? ["*"] : texts(statement, "resources"),
  principals: bodies(statement, "principals").flatMap((principal) =>
    texts(principal, "identifiers").map((who) => [text(principal, "type") ?? "*", who] as const),
  ),
  conditions: bodies(statement, "condition").map((condition) => ({
    operator: text(condition, "test") ?? "",
    key: text(condition, "variable") ?? "",
    values: texts(condition, "values"),
  })),
});

/** The statements of a policy written as JSON; undefined where it cannot be read before the plan. */
export const statementsOf = (policy: string): readonly Statement[] | undefined => {
  const document = parseEmbeddedJson(policy);
  return isBody(document) ? bodies(document, "Statement").map(fromJson) : undefined;
};

/** The statements of a `data.aws_iam_policy_document`. */
export const documentStatements = ({ body }: Block): readonly Statement[] =>
  bodies(body, "statement").map(fromDocument);
