import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { SynthesizedStack } from "./stacks.ts";

const stackSchema = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

/** Arguments of the resources of synthesized stacks, by type. */
export type StackResources = ReadonlyMap<string, readonly unknown[]>;

/** Reads the resources of synthesized stacks. */
export const readStackResources = async (
  stacks: readonly Pick<SynthesizedStack, "directory">[],
): Promise<StackResources> => {
  const resources = new Map<string, unknown[]>();
  for (const { directory } of stacks) {
    const text = await readFile(join(directory, "cdk.tf.json"), "utf8");
    for (const [type, byName] of Object.entries(stackSchema.parse(JSON.parse(text)).resource))
      resources.set(type, [...(resources.get(type) ?? []), ...Object.values(byName)]);
  }
  return resources;
};

/** Lists the resources of one type. */
export const listResourcesOfType = <Block>(
  resources: StackResources,
  type: string,
  schema: z.ZodType<Block>,
): readonly Block[] => (resources.get(type) ?? []).map((block) => schema.parse(block));
