import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SynthesizedStack } from "../runner/stacks.ts";
import type { LockOptions, Terraform } from "../runner/terraform.ts";
import type { PlannedOutputs } from "./pending-dependencies.ts";
import { type PlannedStack, planStack } from "./plan-stack.ts";

/** Opens Terraform in a stack's folder. */
export type OpenTerraform = (stack: SynthesizedStack) => Promise<Terraform>;

/** Options for planning or applying a stage. */
export interface StageOptions extends Pick<LockOptions, "lock" | "lockTimeout"> {
  readonly open: OpenTerraform;
  /** Whether the credentials cannot read secrets. @default false */
  readonly isReadOnly?: boolean;
  /** Called before each stack is planned. */
  readonly onStack?: (stack: SynthesizedStack) => void;
}

/** Runs a function with a private temporary folder for saved plans, which is removed afterwards. */
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
 * Plans stacks one after the other without applying them. A stack that reads missing or changing outputs of the stacks
 * before it is pending.
 *
 * @param stacks in the order of their application
 * @param initialOutputs outputs of the stacks before all of these @default none
 */
export const planStage = (
  stacks: readonly SynthesizedStack[],
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
