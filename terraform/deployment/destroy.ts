import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { UserError } from "../../pipeline/errors/errors.ts";
import { TerraformError } from "../runner/errors.ts";
import type { SynthesizedStack } from "../runner/stacks.ts";
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

/** Result for one stack. */
export interface DestroyResult {
  readonly name: string;
  readonly outcome: "destroyed" | "not deployed";
  /** Number of object versions, delete markers and images that were deleted. */
  readonly deleted: number;
}

/** Deployed stacks depend on the stacks to destroy. */
export class DependantStacksError extends UserError {
  constructor(stackNames: readonly string[], dependantNames: readonly string[]) {
    super(
      `${stackNames.join(", ")} cannot be destroyed because deployed stacks depend on it: ${dependantNames.join(", ")}. Destroy them too: ${dependantNames
        .map((name) => `--include ${name}`)
        .join(" ")}`,
    );
  }
}

/** Buckets or repositories are not empty, and their deletion was not allowed. */
export class NotEmptyError extends UserError {
  readonly targets: readonly BucketOrRepository[];
  constructor(targets: readonly BucketOrRepository[]) {
    super(
      `Nothing was destroyed: not empty: ${targets.map(({ kind, name }) => `the ${kind} ${name}`).join(", ")}. ` +
        "To delete their contents permanently, with all versions, pass --delete-objects.",
    );
    this.targets = targets;
  }
}

const stackSchema = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** Reads the resources of a stack by address, without `prevent_destroy`, which only Terraform itself uses. */
const readResourceArguments = async ({
  directory,
}: SynthesizedStack): Promise<ReadonlyMap<string, unknown>> => {
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

/** Removes the deletion protection that AWS enforces, with a confirmation; changes nothing else. */
const removeProtection = async (
  options: DestroyOptions,
  deployedStacks: readonly DeployedStack[],
): Promise<void> => {
  const before = await Promise.all(deployedStacks.map(({ stack }) => readResourceArguments(stack)));
  await options.synthesize(deployedStacks.map(({ stack }) => stack.stack));
  for (const [at, { stack, resources }] of deployedStacks.entries()) {
    const after = await readResourceArguments(stack);
    // Only existing resources, so that none is created again after an interrupted destroy.
    const changedAddresses = resources
      .map(({ address }) => address)
      .filter((address) => !isDeepStrictEqual(before[at]?.get(address), after.get(address)));
    if (changedAddresses.length === 0) continue;
    const terraform = await openRemoteState(options, stack);
    if (terraform === undefined) continue;
    options.report(`Removing the deletion protection of ${stack.name}`);
    if ((await applyStack(terraform, stack, options, changedAddresses)) === undefined)
      throw new DeploymentDeclinedError(stack.name, []);
  }
};

/** Deletes the contents of a stack's buckets and repositories; returns the number of deleted items. */
const emptyStack = async (options: DestroyOptions, { resources }: DeployedStack): Promise<number> => {
  let deleted = 0;
  for (const container of findBucketsAndRepositories(resources))
    deleted += await deleteContents(options, container, (count) =>
      options.report(`  ${container.kind} ${container.name}: ${count} deleted`),
    );
  return deleted;
};

/** Attempts to empty a stack whose buckets are still written to. */
const maxEmptyAttempts = 3;

/**
 * Empties a stack's buckets and destroys it. Retries if objects were written meanwhile: S3 delivers access logs up to
 * hours late (Amazon S3 user guide, "Logging requests with server access logging").
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
      report(
        "A bucket is not empty: objects, probably access logs, were written meanwhile. Emptying it again.",
      );
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
 * Destroys stacks in reverse order. First checks that no other deployed stack depends on them and that their buckets are
 * empty or may be emptied. An interrupted run can be repeated.
 *
 * @throws DependantStacksError; NotEmptyError; DeploymentDeclinedError; DeletionError; errors of Terraform
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
    // Leave the synth output protected, even after a failure.
    await options.synthesize([]);
  }
};
