import { getStrings } from "./block-values.ts";
import type { Block, ResourceGraph } from "./resource-graph.ts";
import { failUnless, type Problem } from "./rule.ts";
import { parseDocumentStatements, parseStatements, type Statement } from "./statements.ts";

type StatementCheck = (statements: readonly Statement[]) => readonly Problem[];

const findPolicyDocument = (block: Block, policy: string, graph: ResourceGraph): Block | undefined =>
  policy.startsWith("${data.") ? graph.find(block, policy, "data.aws_iam_policy_document") : undefined;

const unreadablePolicy = failUnless(
  false,
  "has a policy that cannot be read before the plan",
  "Write it as JSON with expressions in its texts alone.",
);

/** The statements of a policy, as JSON or as a document of the stack; undefined where they cannot be read. */
export const readPolicy = (
  block: Block,
  policy: string,
  graph: ResourceGraph,
): readonly Statement[] | undefined => {
  const document = findPolicyDocument(block, policy, graph);
  return document === undefined ? parseStatements(policy) : parseDocumentStatements(document);
};

/** Looks at the policies in a field of a block; one that cannot be read is a problem itself. */
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

/** Resource types that say what a role, user or group may do. */
export const identityPolicyTypes = [
  "aws_iam_role_policy",
  "aws_iam_policy",
  "aws_iam_user_policy",
  "aws_iam_group_policy",
  "aws_iam_role",
];

/**
 * Looks at the policies of a block that are written as JSON. A document is a block of its own, and looked at as one.
 *
 * @param paths where in the block they stand
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

/** Looks at what a role, user or group may do. */
export const checkIdentityPolicies = (
  block: Block,
  graph: ResourceGraph,
  check: StatementCheck,
): readonly Problem[] => checkJsonPolicies(block, [["policy"], ["inline_policy", "policy"]], graph, check);

/** Looks at who may take a role. */
export const checkTrustPolicies = (
  block: Block,
  graph: ResourceGraph,
  check: StatementCheck,
): readonly Problem[] => checkJsonPolicies(block, [["assume_role_policy"]], graph, check);
