import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { TerraformFailed } from "../runner/failures.ts";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { type Container, containersOf, empty, holdsSomething } from "./contents.ts";
import { dependants, stateStack } from "./dependants.ts";
import { applyStack, Declined } from "./deploy.ts";
import type { DestroyOrder } from "./destroy-order.ts";
import { findStanding, findState, openInBucket, type Standing, stands } from "./standing.ts";

/** What became of one stack. */
export interface DestroyedStack {
  readonly name: string;
  readonly outcome: "destroyed" | "nothing there";
  /** How many objects, versions, delete markers and images were deleted before. */
  readonly deleted: number;
}

/** Stacks that stand read what would be destroyed. */
export class StillNeeded extends Error {
  constructor(needed: readonly string[], by: readonly string[]) {
    super(
      `${needed.join(", ")} cannot be destroyed while what depends on it stands: ${by.join(", ")}. Include that, too: ${by
        .map((name) => `--include ${name}`)
        .join(" ")}`,
    );
    this.name = "StillNeeded";
  }
}

/** Buckets or repositories hold something, and nobody said that it may go. */
export class NotEmpty extends Error {
  readonly containers: readonly Container[];
  constructor(containers: readonly Container[]) {
    super(
      `Nothing was destroyed: there is something in ${containers.map(({ kind, name }) => `the ${kind} ${name}`).join(", ")}. ` +
        "--delete-objects deletes it with every version; nothing brings it back.",
    );
    this.name = "NotEmpty";
    this.containers = containers;
  }
}

const stackDocument = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** What a stack asks of AWS, by address: all but `prevent_destroy`, which only Terraform itself looks at. */
const askedOfAws = async ({ directory }: SynthesisedStack): Promise<ReadonlyMap<string, unknown>> => {
  const text = await readFile(join(directory, "cdk.tf.json"), "utf8");
  const { resource } = stackDocument.parse(
    JSON.parse(text, (key, value) => (key === "prevent_destroy" ? undefined : value)),
  );
  return new Map(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => [`${type}.${name}`, block] as const),
    ),
  );
};

/** Lifts what AWS itself protects, as a change that is shown and asked about; nothing else is changed with it. */
const liftProtection = async (order: DestroyOrder, standing: readonly Standing[]): Promise<void> => {
  const before = await Promise.all(standing.map(({ stack }) => askedOfAws(stack)));
  await order.synthesise(standing.map(({ stack }) => stack.stack));
  for (const [at, { stack, resources }] of standing.entries()) {
    const after = await askedOfAws(stack);
    // Of what an earlier run destroyed nothing is made again.
    const lifted = resources
      .map(({ address }) => address)
      .filter((address) => !isDeepStrictEqual(before[at]?.get(address), after.get(address)));
    if (lifted.length === 0) continue;
    const terraform = await openInBucket(order, stack);
    if (terraform === undefined) continue;
    order.say(`Lifting the protection of ${stack.name}`);
    if ((await applyStack(terraform, stack, order, lifted)) === undefined) throw new Declined(stack.name, []);
  }
};

/** Deletes what is in a stack's buckets and repositories; answers how much that was. */
const emptyAll = async (order: DestroyOrder, { resources }: Standing): Promise<number> => {
  let deleted = 0;
  for (const container of containersOf(resources))
    deleted += await empty(order, container, (count) =>
      order.say(`  ${container.kind} ${container.name}: ${count} deleted`),
    );
  return deleted;
};

/** How often a stack is emptied before its bucket counts as one that somebody goes on writing to. */
const emptyings = 3;

/**
 * Empties a stack's buckets and destroys it; again where something came in between: S3 writes access logs up to hours
 * after the requests they tell of (Amazon S3 user guide, "Logging requests with server access logging").
 */
const destroyOne = async (order: DestroyOrder, one: Standing): Promise<number> => {
  const { deleteObjects, lockTimeout, say } = order;
  const terraform = await one.open();
  let deleted = 0;
  for (let left = emptyings - 1; ; left -= 1) {
    if (deleteObjects) deleted += await emptyAll(order, one);
    try {
      await terraform.destroy(lockTimeout === undefined ? {} : { lockTimeout });
      return deleted;
    } catch (cause) {
      const refilled = cause instanceof TerraformFailed && cause.message.includes("BucketNotEmpty");
      if (!deleteObjects || left === 0 || !refilled) throw cause;
      say("Something was written meanwhile, access logs most likely; emptying again.");
    }
  }
};

const destroyStanding = async (
  order: DestroyOrder,
  standing: readonly Standing[],
): Promise<readonly DestroyedStack[]> => {
  await liftProtection(order, standing);
  const done: DestroyedStack[] = [];
  for (const one of standing) {
    const { name } = one.stack;
    order.say(`Destroying ${name}`);
    const deleted = await destroyOne(order, one);
    await one.afterwards();
    done.push({ name, outcome: "destroyed", deleted });
  }
  return done;
};

/**
 * Destroys stacks, the last one first. Before anything is, it makes sure that nothing that stands needs them and that
 * nothing is in their buckets which nobody gave up. Run again, it goes on where it was stopped.
 *
 * @throws StillNeeded, NotEmpty, Declined, NotEmptied, and what Terraform throws
 */
export const destroyStacks = async (order: DestroyOrder): Promise<readonly DestroyedStack[]> => {
  const { stacks, include, deleteObjects } = order;
  const needing: string[] = [];
  for (const stack of dependants(stacks, include)) if (await stands(order, stack)) needing.push(stack.stack);
  if (needing.length > 0) throw new StillNeeded(include, needing);

  const standing: Standing[] = [];
  const gone: DestroyedStack[] = [];
  for (const stack of stacks.filter((one) => include.includes(one.stack)).reverse()) {
    const found = await (stack.stack === stateStack ? findState : findStanding)(order, stack);
    if (found !== undefined) standing.push(found);
    else gone.push({ name: stack.name, outcome: "nothing there", deleted: 0 });
  }
  if (!deleteObjects) {
    const full: Container[] = [];
    for (const container of standing.flatMap(({ resources }) => containersOf(resources)))
      if (await holdsSomething(order, container)) full.push(container);
    if (full.length > 0) throw new NotEmpty(full);
  }
  if (standing.length === 0) return gone;
  try {
    return [...gone, ...(await destroyStanding(order, standing))];
  } finally {
    // What is synthesised is protected again, whatever happened.
    await order.synthesise([]);
  }
};
