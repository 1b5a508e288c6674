import * as z from "zod";
import { type App, Testing } from "#cdktf";
import type { Deployment } from "../../modules/names.ts";
import { StageStack } from "../../modules/stack.ts";
import type { StackName } from "../../modules/stack-order.ts";
import { ConfigurationError, parseConfiguration } from "../../pipeline/configuration/schema.ts";
import product from "../../reelway.config.ts";
import { sharedFolder } from "../shared-folder.ts";

/** The account id's token, as in the JSON. */
export const account = "${" + "data.aws_caller_identity.account.account_id}";
/** The stage's key. */
export const keyArn = "arn:aws:kms:us-east-1:123456789012:key/stage";

const synthesized = z.looseObject({
  resource: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  data: z.record(z.string(), z.unknown()).default({}),
  output: z.record(z.string(), z.object({ value: z.unknown() })).default({}),
  import: z.array(z.object({ id: z.string(), to: z.string() })).default([]),
});

/** The stage `dev` of the product's configuration, with some of its settings changed. */
export const deployment = (settings: Readonly<Record<string, unknown>> = {}): Deployment => {
  const configuration = parseConfiguration({
    ...product,
    stages: { dev: { ...product.stages.dev, ...settings } },
  });
  const stage = configuration.stages.dev;
  if (stage === undefined) throw new ConfigurationError(["there is no stage dev"]);
  return { ...stage, project: configuration.project, stage: "dev" };
};

let outdir: string | undefined;
/** An app whose files are removed when the tests end. */
export const testApp = (context: Readonly<Record<string, unknown>> = {}): App => {
  outdir ??= sharedFolder("cdktf");
  return Testing.app({ outdir, context });
};

/** Adds constructs to a stack of the stage and returns the synthesized JSON. */
export const synthesizeStack = (
  build: (stack: StageStack) => void,
  settings: Readonly<Record<string, unknown>> = {},
  name: StackName = "storage",
) => {
  const stack = new StageStack(testApp(), name, { deployment: deployment(settings) });
  stack.keyArn = keyArn;
  build(stack);
  const { resource, data, output, import: imports } = synthesized.parse(JSON.parse(Testing.synth(stack)));
  const all = (type: string): Record<string, unknown>[] => Object.values(resource[type] ?? {});
  return {
    data,
    outputs: output,
    imports,
    types: Object.keys(resource).sort(),
    all,
    /** The only resource of a type. */
    one(type: string): Record<string, unknown> {
      const [first, second] = all(type);
      if (first === undefined || second !== undefined)
        throw new Error(`There are ${all(type).length} of ${type}, not one.`);
      return first;
    },
  };
};

/** The statements of a policy's JSON. */
export const statements = (policy: unknown) =>
  z
    .object({ Statement: z.array(z.record(z.string(), z.unknown())) })
    .parse(JSON.parse(z.string().parse(policy))).Statement;
