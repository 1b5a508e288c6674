import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SynthesisedStack } from "../runner/stacks.ts";
import { type NormalisedChange, normalisedDrift } from "./normalised-changes.ts";
import { parsePlan } from "./plan-document.ts";
import { type StageOptions, withPlanFolder } from "./plan-stage.ts";
import { readsSecretValues, withoutSecretValues } from "./secret-values.ts";

/** What was changed behind Terraform's back in one stack. */
export interface StackDrift {
  readonly name: string;
  /** undefined: the stack was never applied. */
  readonly drift: readonly NormalisedChange[] | undefined;
}

/**
 * Compares what stands with what the states say, and changes nothing. Values of secrets are passed over for who may
 * not read them.
 *
 * @throws what Terraform throws
 */
export const driftOfStage = (
  stacks: readonly SynthesisedStack[],
  { open, onStack, onlyReads = false, ...locking }: StageOptions,
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
      const document: unknown = JSON.parse(await readFile(join(stack.directory, "cdk.tf.json"), "utf8"));
      const targets =
        onlyReads && readsSecretValues(document) ? withoutSecretValues(await terraform.resources()) : [];
      await terraform.plan({ ...locking, refreshOnly: true, targets, out });
      const plan = parsePlan(await terraform.show(out), targets.length > 0);
      found.push({ name: stack.stack, drift: normalisedDrift(plan) });
    }
    return found;
  });
