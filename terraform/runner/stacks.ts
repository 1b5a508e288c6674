import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

/** A synthesized stack: a folder for plain `terraform`. */
export interface SynthesizedStack {
  /** Name of the folder, e.g. `dev-storage`. */
  readonly name: string;
  readonly stage: string;
  /** Name within the stage, e.g. `storage`. */
  readonly stack: string;
  /** Absolute path of the folder with `cdk.tf.json`. */
  readonly directory: string;
  /** Names of the stacks that must be applied first, in the order of their application. */
  readonly dependsOn: readonly string[];
}

/** The synth output is missing or has no valid manifest. */
export class ManifestError extends UserError {
  constructor(outdir: string, reason: string, options: { readonly cause?: unknown } = {}) {
    super(`${join(outdir, "manifest.json")} ${reason}. Synthesize the stacks first: npm run synth`, options);
  }
}

const manifestSchema = z.looseObject({
  stacks: z.record(
    z.string(),
    z.looseObject({ name: z.string(), workingDirectory: z.string(), dependencies: z.array(z.string()) }),
  ),
});

/** Returns the position of a stack in `stackOrder`; unknown stacks come last. */
const getPosition = (stack: string): number => {
  const order: readonly string[] = stackOrder;
  const index = order.indexOf(stack);
  return index === -1 ? stackOrder.length : index;
};

/** Sorts stacks after their dependencies, and otherwise by `stackOrder`. */
const sortByDependencies = (stacks: readonly SynthesizedStack[]): readonly SynthesizedStack[] => {
  const sortedStacks = [...stacks].sort(
    (one, other) => getPosition(one.stack) - getPosition(other.stack) || (one.name < other.name ? -1 : 1),
  );
  const ordered = new Map<string, SynthesizedStack>();
  const visit = (stack: SynthesizedStack, ancestors: readonly string[]): void => {
    if (ordered.has(stack.name)) return;
    if (ancestors.includes(stack.name))
      throw new UserError(`Stacks depend on each other: ${[...ancestors, stack.name].join(" → ")}.`);
    for (const name of stack.dependsOn) {
      const upstream = sortedStacks.find((one) => one.name === name);
      if (upstream !== undefined) visit(upstream, [...ancestors, stack.name]);
    }
    ordered.set(stack.name, stack);
  };
  for (const stack of sortedStacks) visit(stack, []);
  return [...ordered.values()];
};

/**
 * Reads the synthesized stacks, in the order of their application. The stage is the part of the name before the
 * first hyphen, because stage names contain no hyphens (pipeline/configuration).
 *
 * @param outdir synth output folder, e.g. `cdktf.out`
 * @param stage @default all stages
 * @throws ManifestError if the synth output is missing or invalid
 */
export const readStacks = async (outdir: string, stage?: string): Promise<readonly SynthesizedStack[]> => {
  const text = await readFile(join(outdir, "manifest.json"), "utf8").catch((cause: unknown) => {
    throw new ManifestError(outdir, "cannot be read", { cause });
  });
  let stacks: z.output<typeof manifestSchema>["stacks"];
  try {
    ({ stacks } = manifestSchema.parse(JSON.parse(text)));
  } catch (cause) {
    throw new ManifestError(outdir, "is not a valid CDKTF manifest", { cause });
  }
  const parsedStacks = Object.values(stacks).map(({ name, workingDirectory, dependencies }) => {
    const hyphen = name.indexOf("-");
    return {
      name,
      stage: name.slice(0, hyphen),
      stack: name.slice(hyphen + 1),
      directory: resolve(outdir, workingDirectory),
      dependsOn: dependencies,
    };
  });
  const ordered = sortByDependencies(
    parsedStacks.filter((one) => stage === undefined || one.stage === stage),
  );
  const position = (name: string) => ordered.findIndex((one) => one.name === name);
  return ordered.map((one) => ({
    ...one,
    dependsOn: [...one.dependsOn].sort((a, b) => position(a) - position(b)),
  }));
};
