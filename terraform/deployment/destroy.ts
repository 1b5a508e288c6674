import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { TerraformError } from "../runner/errors.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { findDependants, stateStackName } from "./dependants.ts";
import { applyStack, DeploymentDeclinedError } from "./deploy.ts";
import {
  type DeployedStack,
  findDeployedStack,
  findDeployedStateStack,
  isDeployed,
  openRemoteState,
} from "./deployed-stack.ts";
import type { DestroyOptions } from "./destroy-options.ts";
import {
  type BucketOrRepository,
  deleteContents,
  findBucketsAndRepositories,
  hasContents,
} from "./stack-contents.ts";

/** What became of one stack. */
export interface DestroyResult {
  readonly name: string;
  readonly outcome: "destroyed" | "not deployed";
  /** How many objects, versions, delete markers and images were deleted before. */
  readonly deleted: number;
}

/** Stacks that stand read what would be destroyed. */
export class DependantStacksError extends UserError {
  constructor(stackNames: readonly string[], dependantNames: readonly string[]) {
    super(
      `${stackNames.join(", ")} cannot be destroyed while what depends on it stands: ${dependantNames.join(", ")}. Include that, too: ${dependantNames
        .map((name) => `--include ${name}`)
        .join(" ")}`,
    );
  }
}

/** Buckets or repositories hold something, and nobody said that it may go. */
export class NotEmptyError extends UserError {
  readonly targets: readonly BucketOrRepository[];
  constructor(targets: readonly BucketOrRepository[]) {
    super(
      `Nothing was destroyed: there is something in ${targets.map(({ kind, name }) => `the ${kind} ${name}`).join(", ")}. ` +
        "--delete-objects deletes it with every version; nothing brings it back.",
    );
    this.targets = targets;
  }
}

const stackSchema = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** What a stack asks of AWS, by address: all but `prevent_destroy`, which only Terraform itself looks at. */
const readResourceArguments = async ({
  directory,
}: SynthesisedStack): Promise<ReadonlyMap<string, unknown>> => {
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8");
  const { resource } = stackSchema.parse(
    JSON.parse(text, (key, value) => (key === "prevent_destroy" ? undefined : value)),
  );
  return new Map(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => [`${type}.${name}`, block] as const),
    ),
  );
};

/** Lifts what AWS itself protects, as a change that is shown and asked about; nothing else is changed with it. */
const removeProtection = async (
  options: DestroyOptions,
  deployedStacks: readonly DeployedStack[],
): Promise<void> => {
  const before = await Promise.all(deployedStacks.map(({ stack }) => readResourceArguments(stack)));
  await options.synthesise(deployedStacks.map(({ stack }) => stack.stack));
  for (const [at, { stack, resources }] of deployedStacks.entries()) {
    const after = await readResourceArguments(stack);
    // Of what an earlier run destroyed nothing is made again.
    const changedAddresses = resources
      .map(({ address }) => address)
      .filter((address) => !isDeepStrictEqual(before[at]?.get(address), after.get(address)));
    if (changedAddresses.length === 0) continue;
    const terraform = await openRemoteState(options, stack);
    if (terraform === undefined) continue;
    options.report(`Lifting the protection of ${stack.name}`);
    if ((await applyStack(terraform, stack, options, changedAddresses)) === undefined)
      throw new DeploymentDeclinedError(stack.name, []);
  }
};

/** Deletes what is in a stack's buckets and repositories; answers how much that was. */
const emptyStack = async (options: DestroyOptions, { resources }: DeployedStack): Promise<number> => {
  let deleted = 0;
  for (const container of findBucketsAndRepositories(resources))
    deleted += await deleteContents(options, container, (count) =>
      options.report(`  ${container.kind} ${container.name}: ${count} deleted`),
    );
  return deleted;
};

/** How often a stack is emptied before its bucket counts as one that somebody goes on writing to. */
const maxEmptyAttempts = 3;

/**
 * Empties a stack's buckets and destroys it; again where something came in between: S3 writes access logs up to hours
 * after the requests they tell of (Amazon S3 user guide, "Logging requests with server access logging").
 */
const destroyStack = async (options: DestroyOptions, deployedStack: DeployedStack): Promise<number> => {
  const { shouldDeleteObjects, lockTimeout, report } = options;
  const terraform = await deployedStack.open();
  let deleted = 0;
  for (let attemptsLeft = maxEmptyAttempts - 1; ; attemptsLeft -= 1) {
    if (shouldDeleteObjects) deleted += await emptyStack(options, deployedStack);
    try {
      await terraform.destroy(lockTimeout === undefined ? {} : { lockTimeout });
      return deleted;
    } catch (cause) {
      const isRefilled = cause instanceof TerraformError && cause.message.includes("BucketNotEmpty");
      if (!shouldDeleteObjects || attemptsLeft === 0 || !isRefilled) throw cause;
      report("Something was written meanwhile, access logs most likely; emptying again.");
    }
  }
};

const destroyDeployedStacks = async (
  options: DestroyOptions,
  deployedStacks: readonly DeployedStack[],
): Promise<readonly DestroyResult[]> => {
  await removeProtection(options, deployedStacks);
  const results: DestroyResult[] = [];
  for (const deployedStack of deployedStacks) {
    const { name } = deployedStack.stack;
    options.report(`Destroying ${name}`);
    const deleted = await destroyStack(options, deployedStack);
    await deployedStack.cleanUp();
    results.push({ name, outcome: "destroyed", deleted });
  }
  return results;
};

/**
 * Destroys stacks, the last one first. Before anything is, it makes sure that nothing that stands needs them and that
 * nothing is in their buckets which nobody gave up. Run again, it goes on where it was stopped.
 *
 * @throws DependantStacksError, NotEmptyError, DeploymentDeclinedError, DeletionError, and what Terraform throws
 */
export const destroyStacks = async (options: DestroyOptions): Promise<readonly DestroyResult[]> => {
  const { stacks, include, shouldDeleteObjects } = options;
  const dependantNames: string[] = [];
  for (const stack of findDependants(stacks, include))
    if (await isDeployed(options, stack)) dependantNames.push(stack.stack);
  if (dependantNames.length > 0) throw new DependantStacksError(include, dependantNames);

  const deployedStacks: DeployedStack[] = [];
  const absentStacks: DestroyResult[] = [];
  for (const stack of stacks.filter((deployedStack) => include.includes(deployedStack.stack)).reverse()) {
    const deployedStack = await (stack.stack === stateStackName ? findDeployedStateStack : findDeployedStack)(
      options,
      stack,
    );
    if (deployedStack !== undefined) deployedStacks.push(deployedStack);
    else absentStacks.push({ name: stack.name, outcome: "not deployed", deleted: 0 });
  }
  if (!shouldDeleteObjects) {
    const nonEmpty: BucketOrRepository[] = [];
    for (const container of deployedStacks.flatMap(({ resources }) => findBucketsAndRepositories(resources)))
      if (await hasContents(options, container)) nonEmpty.push(container);
    if (nonEmpty.length > 0) throw new NotEmptyError(nonEmpty);
  }
  if (deployedStacks.length === 0) return absentStacks;
  try {
    return [...absentStacks, ...(await destroyDeployedStacks(options, deployedStacks))];
  } finally {
    // What is synthesised is protected again, whatever happened.
    await options.synthesise([]);
  }
};
