import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { UserError } from "../../pipeline/errors/errors.ts";

/** A stack as synth wrote it: a folder that plain `terraform` works in. */
export interface SynthesisedStack {
  /** As Terraform's folder is called: `dev-storage`. */
  readonly name: string;
  readonly stage: string;
  /** The stack's name within its stage: `storage`. */
  readonly stack: string;
  /** Absolute path of the folder with `cdk.tf.json`. */
  readonly directory: string;
  /** Names of the stacks that must be applied before it, in the order they are applied. */
  readonly dependsOn: readonly string[];
}

/** Nothing was synthesised, or what was is no manifest. */
export class ManifestError extends UserError {
  constructor(outdir: string, reason: string, options: { readonly cause?: unknown } = {}) {
    super(`${join(outdir, "manifest.json")} ${reason}. Synthesise the stacks first: npm run synth`, options);
  }
}

const manifestSchema = z.looseObject({
  stacks: z.record(
    z.string(),
    z.looseObject({ name: z.string(), workingDirectory: z.string(), dependencies: z.array(z.string()) }),
  ),
});

/** Where a stack stands among those of its stage; one that the order does not know comes last. */
const getPosition = (stack: string): number => {
  const order: readonly string[] = stackOrder;
  const index = order.indexOf(stack);
  return index === -1 ? stackOrder.length : index;
};

/** Puts every stack behind those it depends on, and otherwise into the order of a deployment. */
const sortByDependencies = (stacks: readonly SynthesisedStack[]): readonly SynthesisedStack[] => {
  const sortedStacks = [...stacks].sort(
    (one, other) => getPosition(one.stack) - getPosition(other.stack) || (one.name < other.name ? -1 : 1),
  );
  const ordered = new Map<string, SynthesisedStack>();
  const visit = (stack: SynthesisedStack, ancestors: readonly string[]): void => {
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
 * Reads which stacks were synthesised, in the order they are applied. The stage is what stands before the name's
 * first hyphen: stages have none (pipeline/configuration).
 *
 * @param outdir folder of the synthesised app, as `cdktf.out`
 * @param stage only this stage's; absent: of all stages, one stage after the other within each position
 * @throws ManifestError where nothing was synthesised
 */
export const readStacks = async (outdir: string, stage?: string): Promise<readonly SynthesisedStack[]> => {
  const text = await readFile(join(outdir, "manifest.json"), "utf8").catch((cause: unknown) => {
    throw new ManifestError(outdir, "cannot be read", { cause });
  });
  let stacks: z.output<typeof manifestSchema>["stacks"];
  try {
    ({ stacks } = manifestSchema.parse(JSON.parse(text)));
  } catch (cause) {
    throw new ManifestError(outdir, "is not what CDKTF writes", { cause });
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
