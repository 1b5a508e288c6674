import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";

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
export class NoManifest extends Error {
  constructor(outdir: string, why: string, options: { readonly cause?: unknown } = {}) {
    super(`${join(outdir, "manifest.json")} ${why}. Synthesise the stacks first: npm run synth`, options);
    this.name = "NoManifest";
  }
}

const manifest = z.looseObject({
  stacks: z.record(
    z.string(),
    z.looseObject({ name: z.string(), workingDirectory: z.string(), dependencies: z.array(z.string()) }),
  ),
});

/** Where a stack stands among those of its stage; one that the order does not know comes last. */
const rank = (stack: string): number => {
  const known: readonly string[] = stackOrder;
  const at = known.indexOf(stack);
  return at === -1 ? stackOrder.length : at;
};

/** Puts every stack behind those it depends on, and otherwise into the order of a deployment. */
const inOrder = (stacks: readonly SynthesisedStack[]): readonly SynthesisedStack[] => {
  const sorted = [...stacks].sort(
    (one, other) => rank(one.stack) - rank(other.stack) || (one.name < other.name ? -1 : 1),
  );
  const ordered = new Map<string, SynthesisedStack>();
  const place = (stack: SynthesisedStack, waiting: readonly string[]): void => {
    if (ordered.has(stack.name)) return;
    if (waiting.includes(stack.name))
      throw new Error(`Stacks depend on each other: ${[...waiting, stack.name].join(" → ")}.`);
    for (const name of stack.dependsOn) {
      const upstream = sorted.find((one) => one.name === name);
      if (upstream !== undefined) place(upstream, [...waiting, stack.name]);
    }
    ordered.set(stack.name, stack);
  };
  for (const stack of sorted) place(stack, []);
  return [...ordered.values()];
};

/**
 * Reads which stacks were synthesised, in the order they are applied. The stage is what stands before the name's
 * first hyphen: stages have none (pipeline/configuration).
 *
 * @param outdir folder of the synthesised app, as `cdktf.out`
 * @param stage only this stage's; absent: of all stages, one stage after the other within each position
 * @throws NoManifest where nothing was synthesised
 */
export const readStacks = async (outdir: string, stage?: string): Promise<readonly SynthesisedStack[]> => {
  const text = await readFile(join(outdir, "manifest.json"), "utf8").catch((cause: unknown) => {
    throw new NoManifest(outdir, "cannot be read", { cause });
  });
  let stacks: z.output<typeof manifest>["stacks"];
  try {
    ({ stacks } = manifest.parse(JSON.parse(text)));
  } catch (cause) {
    throw new NoManifest(outdir, "is not what CDKTF writes", { cause });
  }
  const read = Object.values(stacks).map(({ name, workingDirectory, dependencies }) => {
    const hyphen = name.indexOf("-");
    return {
      name,
      stage: name.slice(0, hyphen),
      stack: name.slice(hyphen + 1),
      directory: resolve(outdir, workingDirectory),
      dependsOn: dependencies,
    };
  });
  const ordered = inOrder(read.filter((one) => stage === undefined || one.stage === stage));
  const position = (name: string) => ordered.findIndex((one) => one.name === name);
  return ordered.map((one) => ({
    ...one,
    dependsOn: [...one.dependsOn].sort((a, b) => position(a) - position(b)),
  }));
};
