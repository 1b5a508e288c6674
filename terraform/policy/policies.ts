import { texts } from "./block-values.ts";
import type { Block, Estate } from "./estate.ts";
import { type Problem, unless } from "./rule.ts";
import { documentStatements, type Statement, statementsOf } from "./statements.ts";

type Check = (statements: readonly Statement[]) => readonly Problem[];

const documentOf = (block: Block, policy: string, estate: Estate): Block | undefined =>
  policy.startsWith("${data.") ? estate.find(block, policy, "data.aws_iam_policy_document") : undefined;

const unreadable = unless(
  false,
  "has a policy that cannot be read before the plan",
  "Write it as JSON with expressions in its texts alone.",
);

/** The statements of a policy, as JSON or as a document of the stack; undefined where they cannot be read. */
export const readPolicy = (
  block: Block,
  policy: string,
  estate: Estate,
): readonly Statement[] | undefined => {
  const document = documentOf(block, policy, estate);
  return document === undefined ? statementsOf(policy) : documentStatements(document);
};

/** Looks at the policies in a field of a block; one that cannot be read is a problem itself. */
export const everyPolicy = (block: Block, field: string, estate: Estate, check: Check): readonly Problem[] =>
  texts(block.body, field).flatMap((policy) => {
    const statements = readPolicy(block, policy, estate);
    return statements === undefined ? unreadable : check(statements);
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
const everyJsonPolicy = (
  block: Block,
  paths: readonly (readonly string[])[],
  estate: Estate,
  check: Check,
): readonly Problem[] =>
  paths
    .flatMap((path) => texts(block.body, ...path))
    .filter((policy) => documentOf(block, policy, estate) === undefined)
    .flatMap((policy) => {
      const statements = statementsOf(policy);
      return statements === undefined ? unreadable : check(statements);
    });

/** Looks at what a role, user or group may do. */
export const everyIdentityPolicy = (block: Block, estate: Estate, check: Check): readonly Problem[] =>
  everyJsonPolicy(block, [["policy"], ["inline_policy", "policy"]], estate, check);

/** Looks at who may take a role. */
export const everyTrust = (block: Block, estate: Estate, check: Check): readonly Problem[] =>
  everyJsonPolicy(block, [["assume_role_policy"]], estate, check);
