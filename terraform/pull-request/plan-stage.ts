import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesisedStack } from "../runner/stacks.ts";
import type { LockOptions, Terraform } from "../runner/terraform.ts";
import type { PlannedOutputs } from "./pending-dependencies.ts";
import { type PlannedStack, planStack } from "./plan-stack.ts";

/** How Terraform is opened in a stack's folder. */
export type OpenTerraform = (stack: SynthesisedStack) => Promise<Terraform>;

/** How a stage is planned or applied. */
export interface StageOptions extends Pick<LockOptions, "lock" | "lockTimeout"> {
  readonly open: OpenTerraform;
  /** Whether whoever plans may read no secret. @default false */
  readonly isReadOnly?: boolean;
  /** Told of each stack before it is planned. */
  readonly onStack?: (stack: SynthesisedStack) => void;
}

/** A folder that only this user may read, for saved plans; it is gone when the work is. */
export const withPlanDirectory = async <Result>(
  work: (folder: string) => Promise<Result>,
): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-plan-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Plans stacks one after the other; nothing is applied. A stack that would read what the stacks before it do not have
 * yet, or are about to change, waits for them.
 *
 * @param stacks in the order they are applied
 * @param initialOutputs what is known of stacks that come before all of these @default nothing comes before
 */
export const planStage = (
  stacks: readonly SynthesisedStack[],
  { open, onStack, ...how }: StageOptions,
  initialOutputs: ReadonlyMap<string, PlannedOutputs> = new Map(),
): Promise<readonly PlannedStack[]> =>
  withPlanDirectory(async (folder) => {
    const upstreamOutputs = new Map(initialOutputs);
    const planned: PlannedStack[] = [];
    for (const stack of stacks) {
      onStack?.(stack);
      const terraform = await open(stack);
      const planPath = join(folder, `${stack.name}.tfplan`);
      const plannedStack = await planStack(stack, upstreamOutputs, { terraform, planPath, ...how });
      upstreamOutputs.set(plannedStack.dependencies.state, plannedStack.plannedOutputs);
      planned.push(plannedStack);
    }
    return planned;
  });
