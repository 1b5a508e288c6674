import { resolve } from "node:path";
import * as z from "zod";

const blocks = z.record(z.string(), z.record(z.string(), z.unknown()));
const location = z.looseObject({
  bucket: z.string().optional(),
  key: z.string().optional(),
  path: z.string().optional(),
});
const remoteState = z.looseObject({ backend: z.string(), config: location.default({}) });

const stackSchema = z.object({
  terraform: z.object({ backend: z.record(z.string(), location).default({}) }).default({ backend: {} }),
  resource: blocks.default({}),
  data: blocks.default({}),
  ephemeral: blocks.default({}),
  module: z.record(z.string(), z.unknown()).default({}),
  locals: z.record(z.string(), z.unknown()).default({}),
  output: z.record(z.string(), z.unknown()).default({}),
  provider: z.unknown().optional(),
});

/** An output of another stack's state that a stack reads. */
export interface Read {
  /** Where the other state lies, as `StackReads.state` says it. */
  readonly state: string;
  /** The output's name; absent where the state is read as a whole. */
  readonly output?: string;
}

/** How a stack hangs on the states of others. */
export interface StackReads {
  /** Where its own state lies. */
  readonly state: string;
  /** Every output it reads, and every state. */
  readonly reads: readonly Read[];
  /** By the name of each of its outputs: what that output is made of, of what it reads. */
  readonly outputs: ReadonlyMap<string, readonly Read[]>;
}

const place = (
  directory: string,
  backend: string,
  { bucket, key, path }: z.output<typeof location>,
): string =>
  backend === "local"
    ? `local:${resolve(directory, path ?? "terraform.tfstate")}`
    : `${backend}:${bucket ?? ""}/${key ?? ""}`;

const stringsOf = (value: unknown): readonly string[] => {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(stringsOf);
};

/** Steps of a reference, such as `data`, `terraform_remote_state`, `storage`, `outputs`, `media_key_arn`. */
const referencesOf = (value: unknown): readonly (readonly string[])[] =>
  stringsOf(value).flatMap((text) =>
    [...text.matchAll(/[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*|\["[^"\]]+"\]|\[\d+\])+/g)].map(([reference]) =>
      [...reference.matchAll(/\["([^"\]]+)"\]|\[(\d+)\]|([A-Za-z_][\w-]*)/g)].map(
        ([, quoted, index, word]) => quoted ?? index ?? word ?? "",
      ),
    ),
  );

/** Every block of a stack that a reference can name, by its address. */
const blocksOf = (stack: z.output<typeof stackSchema>): ReadonlyMap<string, unknown> => {
  const typed = (prefix: string, found: z.output<typeof blocks>) =>
    Object.entries(found).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => [`${prefix}${type}.${name}`, block] as const),
    );
  const named = (prefix: string, found: Readonly<Record<string, unknown>>) =>
    Object.entries(found).map(([name, block]) => [`${prefix}.${name}`, block] as const);
  return new Map([
    ...typed("", stack.resource),
    ...typed("data.", stack.data),
    ...typed("ephemeral.", stack.ephemeral),
    ...named("module", stack.module),
    ...named("local", stack.locals),
  ]);
};

const unique = (reads: readonly Read[]): readonly Read[] => [
  ...new Map(reads.map((read) => [`${read.state} ${read.output ?? ""}`, read])).values(),
];

/**
 * Derives from a stack's JSON which outputs of other stacks it reads, and which of its own outputs may change with
 * them. A provider's own settings count for everything that the stack makes.
 *
 * @param document `cdk.tf.json`
 * @param directory its folder, which a local state's path begins at
 * @throws ZodError where the document is no Terraform configuration in JSON
 */
export const stackReads = (document: unknown, directory: string): StackReads => {
  const stack = stackSchema.parse(document);
  const known = blocksOf(stack);
  const states = new Map(
    Object.entries(stack.data.terraform_remote_state ?? {}).map(([name, block]) => {
      const { backend, config } = remoteState.parse(block);
      return [name, place(directory, backend, config)];
    }),
  );

  const readBy = (value: unknown, seen: Set<string>): Read[] =>
    referencesOf(value).flatMap((steps) => {
      const [first = "", second = "", third = "", fourth, fifth] = steps;
      const state = first === "data" && second === "terraform_remote_state" ? states.get(third) : undefined;
      if (state !== undefined)
        return [fourth === "outputs" && fifth !== undefined ? { state, output: fifth } : { state }];
      const address = [`${first}.${second}`, `${first}.${second}.${third}`].find((one) => known.has(one));
      if (address === undefined || seen.has(address)) return [];
      seen.add(address);
      const isMade = !/^(local|module)\./.test(address);
      return [
        ...readBy(known.get(address), seen),
        // Whatever is made is made through a provider.
        ...(isMade && !seen.has("provider") ? readBy(stack.provider, seen.add("provider")) : []),
      ];
    });

  const [backend = ["local", {}] as const] = Object.entries(stack.terraform.backend);
  const everything = [...known.values(), ...Object.values(stack.output), stack.provider];
  return {
    state: place(directory, ...backend),
    reads: unique([
      ...[...states.values()].map((state) => ({ state })),
      ...everything.flatMap((value) => readBy(value, new Set())),
    ]),
    outputs: new Map(
      Object.entries(stack.output).map(([name, value]) => [name, unique(readBy(value, new Set()))]),
    ),
  };
};
