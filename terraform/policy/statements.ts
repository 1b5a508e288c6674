import { type BlockBody, getBlocks, getString, getStrings, isBlockBody } from "./block-values.ts";
import { parseEmbeddedJson } from "./embedded-json.ts";
import type { Block } from "./resource-graph.ts";

/** One condition of a statement. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of an IAM or resource policy. */
export interface Statement {
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Kind (`AWS`, `Service`, `Federated`; `*` for everyone) and identifier. */
  readonly principals: readonly (readonly [kind: string, who: string])[];
  readonly conditions: readonly Condition[];
}

const parseJsonStatement = (statement: BlockBody): Statement => ({
  isAllow: getString(statement, "Effect") === "Allow",
  // NotAction allows almost everything, so it counts as all actions.
  actions: "NotAction" in statement ? ["*"] : getStrings(statement, "Action"),
  resources: "NotResource" in statement ? ["*"] : getStrings(statement, "Resource"),
  principals: [
    ...getStrings(statement, "Principal").map((who) => ["*", who] as const),
    ...("NotPrincipal" in statement ? [["*", "*"] as const] : []),
    ...getBlocks(statement, "Principal").flatMap((kinds) =>
      Object.keys(kinds).flatMap((kind) => getStrings(kinds, kind).map((who) => [kind, who] as const)),
    ),
  ],
  conditions: getBlocks(statement, "Condition").flatMap((operators) =>
    Object.keys(operators).flatMap((operator) =>
      getBlocks(operators, operator).flatMap((keys) =>
        Object.keys(keys).map((key) => ({ operator, key, values: getStrings(keys, key) })),
      ),
    ),
  ),
});

const parseDocumentStatement = (statement: BlockBody): Statement => ({
  isAllow: getString(statement, "effect") !== "Deny",
  actions: "not_actions" in statement ? ["*"] : getStrings(statement, "actions"),
  resources: "not_resources" in statement ? ["*"] : getStrings(statement, "resources"),
  principals: getBlocks(statement, "principals").flatMap((principal) =>
    getStrings(principal, "identifiers").map((who) => [getString(principal, "type") ?? "*", who] as const),
  ),
  conditions: getBlocks(statement, "condition").map((condition) => ({
    operator: getString(condition, "test") ?? "",
    key: getString(condition, "variable") ?? "",
    values: getStrings(condition, "values"),
  })),
});

/** Parses the statements of a JSON policy; undefined if it cannot be parsed before the plan. */
export const parseStatements = (policy: string): readonly Statement[] | undefined => {
  const document = parseEmbeddedJson(policy);
  return isBlockBody(document) ? getBlocks(document, "Statement").map(parseJsonStatement) : undefined;
};

/** Parses the statements of a `data.aws_iam_policy_document`. */
export const parseDocumentStatements = ({ body }: Block): readonly Statement[] =>
  getBlocks(body, "statement").map(parseDocumentStatement);
