import { type BlockBody, getBlocks, getString, getValues, isBlockBody } from "./block-values.ts";

/** One block of a synthesized stack. */
export interface Block {
  readonly stack: string;
  /** Terraform type, e.g. `aws_sqs_queue`, `data.aws_iam_policy_document`, `provider.aws`, `output`. */
  readonly type: string;
  readonly name: string;
  /** Stack and Terraform address, e.g. `dev-storage/aws_s3_bucket.input`. */
  readonly address: string;
  readonly body: BlockBody;
}

/** The blocks of all stacks, with the references between them. */
export interface ResourceGraph {
  readonly blocks: readonly Block[];
  ofType(type: string): readonly Block[];
  /** Whether a value in the stack of `from` refers to `to`, by reference, name, ARN or remote state. */
  isReferenceTo(from: Block, value: string, to: Block): boolean;
  /** Finds the block of a type that a value refers to. */
  find(from: Block, value: string | undefined, type: string): Block | undefined;
  /** Finds the blocks of a type whose field refers to a block, e.g. the versioning of a bucket. */
  relatedTo(of: Block, type: string, field: string): readonly Block[];
}

/** Attributes with a resource's name in AWS. */
const nameAttributes = ["bucket", "function_name", "family", "name"];
const escapeRegExp = (name: string): string => name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
const remoteState = /\bdata\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/;

const parseBlocks = (stack: string, json: unknown): readonly Block[] => {
  const blocks: Block[] = [];
  const add = (type: string, name: string, body: unknown): void => {
    const address = `${stack}/${type}.${name}`;
    if (isBlockBody(body)) blocks.push({ stack, type, name, address, body });
  };
  for (const [kind, prefix] of [
    ["resource", ""],
    ["data", "data."],
    ["ephemeral", "ephemeral."],
  ] as const)
    for (const blocksByType of getBlocks(json, kind))
      for (const [type, blocksByName] of Object.entries(blocksByType))
        for (const bodiesByName of getBlocks(blocksByName))
          for (const [name, body] of Object.entries(bodiesByName)) add(`${prefix}${type}`, name, body);
  for (const providers of getBlocks(json, "provider"))
    for (const [provider, aliases] of Object.entries(providers))
      for (const body of getBlocks(aliases))
        add(`provider.${provider}`, getString(body, "alias") ?? "default", body);
  for (const kind of ["output", "variable"])
    for (const blocksByName of getBlocks(json, kind))
      for (const [name, body] of Object.entries(blocksByName)) add(kind, name, body);
  for (const locals of getBlocks(json, "locals")) add("locals", "all", locals);
  return blocks;
};

/** Whether a string of the same stack contains a reference to a block. */
const hasReferenceTo = (value: string, { type, name }: Block): boolean =>
  value.includes(`${type}.${name}`) &&
  new RegExp(`(?<![\\w.-])${escapeRegExp(type)}\\.${escapeRegExp(name)}(?![\\w-])`).test(value);

/** Returns a block's name in AWS; undefined if it is an expression. */
const findName = ({ body }: Block): string | undefined => {
  const name = nameAttributes.map((field) => getString(body, field)).find((blocks) => blocks !== undefined);
  return name?.includes("${") === true ? undefined : name;
};

/**
 * Builds the graph of synthesized stacks.
 *
 * @param stacks synthesized JSON by stack name
 */
export const buildResourceGraph = (stacks: ReadonlyMap<string, unknown>): ResourceGraph => {
  const blocks = [...stacks].flatMap(([stack, json]) => parseBlocks(stack, json));
  const byType = new Map<string, Block[]>();
  for (const block of blocks) {
    const blocksOfType = byType.get(block.type);
    if (blocksOfType === undefined) byType.set(block.type, [block]);
    else blocksOfType.push(block);
  }
  const ofType = (type: string): readonly Block[] => byType.get(type) ?? [];
  const nameByBlock = new Map(blocks.map((block) => [block, findName(block)]));
  /** Whether a string is a block's name, or an ARN that ends in it. */
  const isNameOrArnOf = (value: string, block: Block): boolean => {
    const name = nameByBlock.get(block);
    return name !== undefined && value.endsWith(name) && /^$|[:/]$/.test(value.slice(0, -name.length));
  };
  const getStateKey = (from: unknown): string =>
    ["bucket", "key"].map((field) => getString(from, field) ?? "").join("/");
  const stackByStateKey = new Map(
    [...stacks].map(([stack, json]) => [getStateKey(getValues(json, "terraform", "backend", "s3")), stack]),
  );

  /** Resolves a remote state reference to the output's value and its stack. */
  const resolveRemoteOutput = (stack: string, value: string): readonly [stack: string, value: string] => {
    const [, name, output] = remoteState.exec(value) ?? [];
    const data = ofType("data.terraform_remote_state").find(
      (block) => block.stack === stack && block.name === name,
    );
    const upstream = stackByStateKey.get(getStateKey(getValues(data?.body, "config")));
    const outputBlock = ofType("output").find((block) => block.stack === upstream && block.name === output);
    const resolvedValue = getString(outputBlock?.body, "value");
    return upstream === undefined || resolvedValue === undefined
      ? [stack, value]
      : resolveRemoteOutput(upstream, resolvedValue);
  };
  const isReferenceTo = (from: Block, value: string, to: Block): boolean => {
    const [stack, resolvedValue] = resolveRemoteOutput(from.stack, value);
    return (stack === to.stack && hasReferenceTo(resolvedValue, to)) || isNameOrArnOf(resolvedValue, to);
  };
  return {
    blocks,
    ofType,
    isReferenceTo,
    find: (from, value, type) =>
      value === undefined ? undefined : ofType(type).find((block) => isReferenceTo(from, value, block)),
    relatedTo: (of, type, field) =>
      ofType(type).filter((block) => {
        const value = getString(block.body, field);
        return value !== undefined && isReferenceTo(block, value, of);
      }),
  };
};
