import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SynthesizedStack } from "../runner/stacks.ts";
import { type NormalisedChange, normaliseDrift } from "./normalised-changes.ts";
import { parsePlan } from "./plan-document.ts";
import { type StageOptions, withPlanDirectory } from "./plan-stage.ts";
import { excludeSecretValues, hasSecretValues } from "./secret-values.ts";

/** The drift of one stack. */
export interface StackDrift {
  readonly name: string;
  /** Undefined if the stack was never applied. */
  readonly drift: readonly NormalisedChange[] | undefined;
}

/**
 * Compares the resources with the states, without changes. With `isReadOnly`, secret values are skipped, because
 * read-only credentials cannot read them.
 *
 * @throws errors of Terraform
 */
export const detectDrift = (
  stacks: readonly SynthesizedStack[],
  { open, onStack, isReadOnly = false, ...locking }: StageOptions,
): Promise<readonly StackDrift[]> =>
  withPlanDirectory(async (folder) => {
    const results: StackDrift[] = [];
    for (const stack of stacks) {
      onStack?.(stack);
      const terraform = await open(stack);
      await terraform.init();
      if ((await terraform.pullState()) === undefined) {
        results.push({ name: stack.stack, drift: undefined });
        continue;
      }
      const out = join(folder, `${stack.name}.tfplan`);
      const document: unknown = JSON.parse(await readFile(join(stack.directory, "cdk.tf.json"), "utf8"));
      const targets =
        isReadOnly && hasSecretValues(document) ? excludeSecretValues(await terraform.resources()) : [];
      await terraform.plan({ ...locking, refreshOnly: true, targets, out });
      const plan = parsePlan(await terraform.show(out), targets.length > 0);
      results.push({ name: stack.stack, drift: normaliseDrift(plan) });
    }
    return results;
  });
