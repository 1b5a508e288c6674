import { resolve } from "node:path";
import * as z from "zod";

const blocksSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
const locationSchema = z.looseObject({
  bucket: z.string().optional(),
  key: z.string().optional(),
  path: z.string().optional(),
});
const remoteStateSchema = z.looseObject({ backend: z.string(), config: locationSchema.default({}) });

const stackSchema = z.object({
  terraform: z.object({ backend: z.record(z.string(), locationSchema).default({}) }).default({ backend: {} }),
  resource: blocksSchema.default({}),
  data: blocksSchema.default({}),
  ephemeral: blocksSchema.default({}),
  module: z.record(z.string(), z.unknown()).default({}),
  locals: z.record(z.string(), z.unknown()).default({}),
  output: z.record(z.string(), z.unknown()).default({}),
  provider: z.unknown().optional(),
});

/** An output of another stack's state that a stack reads. */
export interface OutputReference {
  /** Location of the other state, in the format of `StackDependencies.state`. */
  readonly state: string;
  /** Name of the output; undefined for the state as a whole. */
  readonly output?: string;
}

/** The dependencies of a stack on the states of other stacks. */
export interface StackDependencies {
  /** Location of its own state: `local:PATH` or `BACKEND:BUCKET/KEY`. */
  readonly state: string;
  /** All outputs and states that it reads. */
  readonly references: readonly OutputReference[];
  /** References that each of its outputs depends on, by output name. */
  readonly outputs: ReadonlyMap<string, readonly OutputReference[]>;
}

const formatStateLocation = (
  directory: string,
  backend: string,
  { bucket, key, path }: z.output<typeof locationSchema>,
): string =>
  backend === "local"
    ? `local:${resolve(directory, path ?? "terraform.tfstate")}`
    : `${backend}:${bucket ?? ""}/${key ?? ""}`;

const collectStrings = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(collectStrings);
};

/** Parses references into steps, e.g. `data`, `terraform_remote_state`, `storage`, `outputs`, `media_key_arn`. */
const parseReferences = (value: unknown): readonly (readonly string[])[] =>
  collectStrings(value).flatMap((text) =>
    [...text.matchAll(/[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\["[^"\]]+"\]|\[\d+\])+/g)].map(([reference]) =>
      [...reference.matchAll(/\["([^"\]]+)"\]|\[(\d+)\]|([A-Za-z_][\w-]*)/g)].map(
        ([, quoted, index, word]) => quoted ?? index ?? word ?? "",
      ),
    ),
  );

/** Indexes the blocks of a stack by address. */
const indexBlocks = (stack: z.output<typeof stackSchema>): ReadonlyMap<string, unknown> => {
  const indexTyped = (prefix: string, found: z.output<typeof blocksSchema>) =>
    Object.entries(found).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => [`${prefix}${type}.${name}`, block] as const),
    );
  const indexNamed = (prefix: string, found: Readonly<Record<string, unknown>>) =>
    Object.entries(found).map(([name, block]) => [`${prefix}.${name}`, block] as const);
  return new Map([
    ...indexTyped("", stack.resource),
    ...indexTyped("data.", stack.data),
    ...indexTyped("ephemeral.", stack.ephemeral),
    ...indexNamed("module", stack.module),
    ...indexNamed("local", stack.locals),
  ]);
};

const deduplicate = (reads: readonly OutputReference[]): readonly OutputReference[] => [
  ...new Map(reads.map((read) => [`${read.state} ${read.output ?? ""}`, read])).values(),
];

/**
 * Finds the outputs of other stacks that a stack reads, and which of its own outputs depend on them. References in a
 * provider's settings count for all resources.
 *
 * @param document `cdk.tf.json`
 * @param directory folder of the stack, to resolve the path of a local state
 * @throws ZodError if the document is not a Terraform configuration in JSON
 */
export const findStackDependencies = (document: unknown, directory: string): StackDependencies => {
  const stack = stackSchema.parse(document);
  const blocksByAddress = indexBlocks(stack);
  const states = new Map(
    Object.entries(stack.data.terraform_remote_state ?? {}).map(([name, block]) => {
      const { backend, config } = remoteStateSchema.parse(block);
      return [name, formatStateLocation(directory, backend, config)];
    }),
  );

  const findReferences = (value: unknown, seen: Set<string>): OutputReference[] =>
    parseReferences(value).flatMap((steps) => {
      const [first = "", second = "", third = "", fourth, fifth] = steps;
      const state = first === "data" && second === "terraform_remote_state" ? states.get(third) : undefined;
      if (state !== undefined)
        return [fourth === "outputs" && fifth !== undefined ? { state, output: fifth } : { state }];
      const address = [`${first}.${second}`, `${first}.${second}.${third}`].find((one) =>
        blocksByAddress.has(one),
      );
      if (address === undefined || seen.has(address)) return [];
      seen.add(address);
      const isResource = !/^(local|module)\./.test(address);
      return [
        ...findReferences(blocksByAddress.get(address), seen),
        // Every resource also depends on its provider's settings.
        ...(isResource && !seen.has("provider") ? findReferences(stack.provider, seen.add("provider")) : []),
      ];
    });

  const [backend = ["local", {}] as const] = Object.entries(stack.terraform.backend);
  const allValues = [...blocksByAddress.values(), ...Object.values(stack.output), stack.provider];
  return {
    state: formatStateLocation(directory, ...backend),
    references: deduplicate([
      ...[...states.values()].map((state) => ({ state })),
      ...allValues.flatMap((value) => findReferences(value, new Set())),
    ]),
    outputs: new Map(
      Object.entries(stack.output).map(([name, value]) => [
        name,
        deduplicate(findReferences(value, new Set())),
      ]),
    ),
  };
};
