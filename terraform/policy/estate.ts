import { type Body, bodies, isBody, text, values } from "./block-values.ts";

/** One block of a synthesised stack. */
export interface Block {
  readonly stack: string;
  /** As Terraform writes it: `aws_sqs_queue`, `data.aws_iam_policy_document`, `provider.aws`, `output`. */
  readonly type: string;
  readonly name: string;
  /** Stack and Terraform address, e.g. `dev-storage/aws_s3_bucket.input`. */
  readonly address: string;
  readonly body: Body;
}

/** All stacks together, with what ties their blocks. */
export interface Estate {
  readonly blocks: readonly Block[];
  ofType(type: string): readonly Block[];
  /** Whether a value, read in the block's stack, means the other one: by reference, name, ARN or remote state. */
  refers(from: Block, value: string, to: Block): boolean;
  /** The block of a type that a value means. */
  find(from: Block, value: string | undefined, type: string): Block | undefined;
  /** The blocks of a type whose field means this one, e.g. the versioning of a bucket. */
  companions(of: Block, type: string, field: string): readonly Block[];
}

/** The attributes by which AWS knows a resource. */
const naming = ["bucket", "function_name", "family", "name"];
const quote = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const remoteState = /\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/;

const blocksOf = (stack: string, json: unknown): readonly Block[] => {
  const found: Block[] = [];
  const add = (type: string, name: string, body: unknown): void => {
    const address = `${stack}/${type}.${name}`;
    if (isBody(body)) found.push({ stack, type, name, address, body });
  };
  for (const [kind, prefix] of [
    ["resource", ""],
    ["data", "data."],
    ["ephemeral", "ephemeral."],
  ] as const)
    for (const kinds of bodies(json, kind))
      for (const [type, named] of Object.entries(kinds))
        for (const one of bodies(named))
          for (const [name, body] of Object.entries(one)) add(`${prefix}${type}`, name, body);
  for (const providers of bodies(json, "provider"))
    for (const [provider, aliases] of Object.entries(providers))
      for (const body of bodies(aliases)) add(`provider.${provider}`, text(body, "alias") ?? "default", body);
  for (const kind of ["output", "variable"])
    for (const named of bodies(json, kind))
      for (const [name, body] of Object.entries(named)) add(kind, name, body);
  for (const locals of bodies(json, "locals")) add("locals", "all", locals);
  return found;
};

/** Whether a reference in a text of the same stack is to this block. */
const references = (value: string, { type, name }: Block): boolean =>
  value.includes(`${type}.${name}`) &&
  new RegExp(`(?<![\\w.-])${quote(type)}\\.${quote(name)}(?![\\w-])`).test(value);

/** The name that AWS knows a block by, where it is written down. */
const nameOf = ({ body }: Block): string | undefined => {
  const name = naming.map((field) => text(body, field)).find((found) => found !== undefined);
  return name?.includes("${") === true ? undefined : name;
};

/**
 * Reads synthesised stacks.
 *
 * @param stacks the JSON of each by its name
 */
export const readEstate = (stacks: ReadonlyMap<string, unknown>): Estate => {
  const blocks = [...stacks].flatMap(([stack, json]) => blocksOf(stack, json));
  const byType = new Map<string, Block[]>();
  for (const block of blocks) {
    const alike = byType.get(block.type);
    if (alike === undefined) byType.set(block.type, [block]);
    else alike.push(block);
  }
  const ofType = (type: string): readonly Block[] => byType.get(type) ?? [];
  const nameBy = new Map(blocks.map((block) => [block, nameOf(block)]));
  /** Whether a text is the name of a block or an ARN that ends in it. */
  const isNamed = (value: string, block: Block): boolean => {
    const name = nameBy.get(block);
    return name !== undefined && value.endsWith(name) && /^$|[:/]$/.test(value.slice(0, -name.length));
  };
  const stateOf = (from: unknown): string =>
    ["bucket", "key"].map((field) => text(from, field) ?? "").join("/");
  const byState = new Map(
    [...stacks].map(([stack, json]) => [stateOf(values(json, "terraform", "backend", "s3")), stack]),
  );

  /** What another stack put out, with the stack it is to be read in. */
  const follow = (stack: string, value: string): readonly [stack: string, value: string] => {
    const [, name, output] = remoteState.exec(value) ?? [];
    const data = ofType("data.terraform_remote_state").find(
      (block) => block.stack === stack && block.name === name,
    );
    const upstream = byState.get(stateOf(values(data?.body, "config")));
    const given = ofType("output").find((block) => block.stack === upstream && block.name === output);
    const there = text(given?.body, "value");
    return upstream === undefined || there === undefined ? [stack, value] : follow(upstream, there);
  };
  const refers = (from: Block, value: string, to: Block): boolean => {
    const [stack, there] = follow(from.stack, value);
    return (stack === to.stack && references(there, to)) || isNamed(there, to);
  };
  return {
    blocks,
    ofType,
    refers,
    find: (from, value, type) =>
      value === undefined ? undefined : ofType(type).find((block) => refers(from, value, block)),
    companions: (of, type, field) =>
      ofType(type).filter((block) => {
        const value = text(block.body, field);
        return value !== undefined && refers(block, value, of);
      }),
  };
};
