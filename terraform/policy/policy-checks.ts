import { getStrings } from "./block-values.ts";
import type { Block, ResourceGraph } from "./resource-graph.ts";
import { failUnless, type Problem } from "./rule.ts";
import { parseDocumentStatements, parseStatements, type Statement } from "./statements.ts";

type StatementCheck = (statements: readonly Statement[]) => readonly Problem[];

const findPolicyDocument = (block: Block, policy: string, graph: ResourceGraph): Block | undefined =>
  policy.startsWith("${data.") ? graph.find(block, policy, "data.aws_iam_policy_document") : undefined;

const unreadablePolicy = failUnless(
  false,
  "has a policy that cannot be parsed before the plan",
  "Write it as JSON with expressions inside strings only.",
);

/** Reads the statements of a policy, from JSON or from a policy document of the stack; undefined if it cannot be parsed. */
export const readPolicy = (
  block: Block,
  policy: string,
  graph: ResourceGraph,
): readonly Statement[] | undefined => {
  const document = findPolicyDocument(block, policy, graph);
  return document === undefined ? parseStatements(policy) : parseDocumentStatements(document);
};

/** Checks the policies in a field of a block. A policy that cannot be parsed is a problem. */
export const checkPolicyField = (
  block: Block,
  field: string,
  graph: ResourceGraph,
  check: StatementCheck,
): readonly Problem[] =>
  getStrings(block.body, field).flatMap((policy) => {
    const statements = readPolicy(block, policy, graph);
    return statements === undefined ? unreadablePolicy : check(statements);
  });

/** Resource types with identity-based policies. */
export const identityPolicyTypes = [
  "aws_iam_role_policy",
  "aws_iam_policy",
  "aws_iam_user_policy",
  "aws_iam_group_policy",
  "aws_iam_role",
];

/**
 * Checks the JSON policies of a block. Policy documents are separate blocks and checked as such.
 *
 * @param paths of the policies in the block
 */
const checkJsonPolicies = (
  block: Block,
  paths: readonly (readonly string[])[],
  graph: ResourceGraph,
  check: StatementCheck,
): readonly Problem[] =>
  paths
    .flatMap((path) => getStrings(block.body, ...path))
    .filter((policy) => findPolicyDocument(block, policy, graph) === undefined)
    .flatMap((policy) => {
      const statements = parseStatements(policy);
      return statements === undefined ? unreadablePolicy : check(statements);
    });

/** Checks the identity-based policies of a role, user or group. */
export const checkIdentityPolicies = (
  block: Block,
  graph: ResourceGraph,
  check: StatementCheck,
): readonly Problem[] => checkJsonPolicies(block, [["policy"], ["inline_policy", "policy"]], graph, check);

/** Checks the trust policy of a role. */
export const checkTrustPolicies = (
  block: Block,
  graph: ResourceGraph,
  check: StatementCheck,
): readonly Problem[] => checkJsonPolicies(block, [["assume_role_policy"]], graph, check);
