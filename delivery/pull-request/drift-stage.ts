import { join } from "node:path";
import type { SynthesisedStack } from "../terraform/stacks.ts";
import { type NormalisedChange, normalisedDrift } from "./normalised-changes.ts";
import { parsePlan } from "./plan-document.ts";
import { type StageOptions, withPlanFolder } from "./plan-stage.ts";

/** What was changed behind Terraform's back in one stack. */
export interface StackDrift {
  readonly name: string;
  /** undefined: the stack was never applied. */
  readonly drift: readonly NormalisedChange[] | undefined;
}

/**
 * Compares what stands with what the states say, and changes nothing.
 *
 * @throws what Terraform throws
 */
export const driftOfStage = (
  stacks: readonly SynthesisedStack[],
  { open, onStack, ...locking }: StageOptions,
): Promise<readonly StackDrift[]> =>
  withPlanFolder(async (folder) => {
    const found: StackDrift[] = [];
    for (const stack of stacks) {
      onStack?.(stack);
      const terraform = await open(stack);
      await terraform.init();
      if ((await terraform.pullState()) === undefined) {
        found.push({ name: stack.stack, drift: undefined });
        continue;
      }
      const out = join(folder, `${stack.name}.tfplan`);
      await terraform.plan({ ...locking, refreshOnly: true, out });
      found.push({ name: stack.stack, drift: normalisedDrift(parsePlan(await terraform.show(out))) });
    }
    return found;
  });
