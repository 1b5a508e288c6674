import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { stackOrder } from "../../modules/stack-order.ts";
import { sharedFolder } from "../shared-folder.ts";

const resources = z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown())));
const stackSchema = z.looseObject({
  resource: resources,
  output: z.record(z.string(), z.unknown()).default({}),
  moved: z.array(z.object({ from: z.string(), to: z.string() })).default([]),
  terraform: z.looseObject({ backend: z.looseObject({ s3: z.record(z.string(), z.unknown()) }) }),
});

/** The JSON of one stack. */
export type SynthesizedStack = z.infer<typeof stackSchema>;

/** Parses the JSON of one stack. */
export const parseStack = (text: string): SynthesizedStack => stackSchema.parse(JSON.parse(text));

/** What one run of main.ts wrote. */
export interface Synthesis {
  readonly directory: string;
  /** By path below the directory: every file's bytes. */
  readonly files: ReadonlyMap<string, Buffer>;
  stack(name: string): SynthesizedStack;
}

/** A configuration that turns everything on, in two stages. */
export const wholeConfiguration = "test/synth/whole.config.ts";
/** Its stacks in the order of their application. The stage `live` watches no channel. */
export const wholeStackNames: readonly string[] = stackOrder.flatMap((name) =>
  name === "highlights" ? [`dev-${name}`] : [`dev-${name}`, `live-${name}`],
);

let wholeSynthesis: Promise<Synthesis> | undefined;
/** The stacks of the complete configuration: synthesized once per process. */
export const synthesizeWhole = (): Promise<Synthesis> =>
  (wholeSynthesis ??= synthesize({ REELWAY_CONFIG: wholeConfiguration }));

/**
 * Synthesizes the app into a folder of its own, as `npm run synth` does.
 *
 * @param environment variables besides the process's own
 */
export const synthesize = async (environment: Readonly<Record<string, string>>): Promise<Synthesis> => {
  const directory = sharedFolder("synth");
  await promisify(execFile)(process.execPath, ["cli/bin.js", "synth"], {
    env: { ...process.env, ...environment, CDKTF_OUTDIR: directory, CHECKPOINT_DISABLE: "1" },
  });
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(directory, path), await readFile(path));
  }
  return {
    directory,
    files,
    stack(name) {
      const text = files.get(`stacks/${name}/cdk.tf.json`)?.toString();
      if (text === undefined) throw new Error(`Synth wrote no stack ${name}, only ${[...files.keys()]}`);
      return parseStack(text);
    },
  };
};

/** The resources of one type. */
export const listResources = (stack: SynthesizedStack, type: string): Record<string, unknown>[] =>
  Object.values(stack.resource[type] ?? {});

const policySchema = z.object({
  Statement: z.array(
    z.looseObject({
      Effect: z.string(),
      Action: z.union([z.string(), z.array(z.string())]),
      Resource: z.union([z.string(), z.array(z.string())]),
      Condition: z
        .record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string())])))
        .optional(),
    }),
  ),
});

const listPolicies = (stack: SynthesizedStack, role: string | undefined): Record<string, unknown>[] => {
  const policies = listResources(stack, "aws_iam_role_policy");
  if (role === undefined) return policies;
  const [key] = Object.entries(stack.resource.aws_iam_role ?? {}).find(([, { name }]) => name === role) ?? [];
  return policies.filter((policy) => policy.role === `\${aws_iam_role.${key}.name}`);
};

/**
 * The statements of the roles' permissions in a stack.
 *
 * @param role name of one role; every role's where none is given
 */
export const listStatements = (stack: SynthesizedStack, role?: string) =>
  listPolicies(stack, role).flatMap(({ policy }) =>
    policySchema.parse(JSON.parse(z.string().parse(policy))).Statement.map((statement) => ({
      ...statement,
      Action: [statement.Action].flat(),
      Resource: [statement.Resource].flat(),
    })),
  );

/** The first resource of a type with the given `name` (or another attribute); throws if it is missing. */
export const findResource = (
  stack: SynthesizedStack,
  type: string,
  name: string,
  attribute = "name",
): Record<string, unknown> => {
  const resource = listResources(stack, type).find((resource) => resource[attribute] === name);
  if (resource === undefined) throw new Error(`There is no ${type} whose ${attribute} is ${name}.`);
  return resource;
};

/** Every resource's address in a stack, sorted. */
export const listAddresses = (stack: SynthesizedStack): readonly string[] =>
  Object.entries(stack.resource)
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();
