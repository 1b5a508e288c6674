import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readStacks, type SynthesizedStack } from "../../terraform/runner/stacks.ts";
import type { Moto } from "../contract/moto.ts";

/** Terraform's blocks by type and name. */
type Blocks = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Terraform's reference to a value. */
export const reference = (path: string): string => `\${${path}}`;

/** One stack as it is written into `cdk.tf.json`, its backend and provider left out. */
export interface StandInStack {
  readonly dependencies?: readonly string[];
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly variable?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, unknown>>;
}

/** The bucket that the stand-in's states lie in. */
export const stateBucket = "stand-in-dev-state";

/** Where a stack of the stand-in keeps its state. */
const backend = (stack: string) => ({
  bucket: stateBucket,
  key: `dev/${stack}.tfstate`,
  region: "us-east-1",
  encrypt: true,
  use_lockfile: true,
});

/** A data source on the state of another stack of the stand-in. */
export const remoteState = (stack: string): Blocks => ({
  terraform_remote_state: { [stack]: { backend: "s3", config: backend(stack) } },
});

/** A minimal state stack. */
export const stateStack: StandInStack = {
  resource: {
    aws_s3_bucket: { state: { bucket: stateBucket } },
    aws_s3_bucket_versioning: {
      state: { bucket: reference("aws_s3_bucket.state.id"), versioning_configuration: { status: "Enabled" } },
    },
  },
};

/** A synthesized app with few resources, so that migrations and applies take seconds. */
export interface StandInApp {
  readonly outdir: string;
  /** A folder next to it for other files of a test. */
  readonly folder: string;
  stack(name: string): Promise<SynthesizedStack>;
  /** Writes a stack anew, as another synth would. */
  writeStack(name: string, stack: StandInStack): Promise<void>;
  remove(): Promise<void>;
}

/** Writes the stacks, all of the stage `dev`, in the form synth gives them. */
export const writeApp = async (stacks: Readonly<Record<string, StandInStack>>): Promise<StandInApp> => {
  const root = await mkdtemp(join(tmpdir(), "reelway-stand-in-"));
  const outdir = join(root, "out");
  const writeStack = async (name: string, { dependencies: _, ...blocks }: StandInStack): Promise<void> => {
    const directory = join(outdir, "stacks", `dev-${name}`);
    await mkdir(directory, { recursive: true });
    const document = {
      terraform: {
        backend: { s3: backend(name) },
        required_providers: { aws: { source: "aws", version: "5.100.0" } },
      },
      provider: { aws: [{ region: "us-east-1", max_retries: 2 }] },
      ...blocks,
    };
    await writeFile(join(directory, "cdk.tf.json"), JSON.stringify(document, null, 2));
  };
  for (const [name, stack] of Object.entries(stacks)) await writeStack(name, stack);
  const manifest = Object.entries(stacks).map(([name, { dependencies = [] }]) => [
    `dev-${name}`,
    {
      name: `dev-${name}`,
      workingDirectory: `stacks/dev-${name}`,
      dependencies: dependencies.map((upstream) => `dev-${upstream}`),
    },
  ]);
  await writeFile(
    join(outdir, "manifest.json"),
    JSON.stringify({ version: "stand-in", stacks: Object.fromEntries(manifest) }),
  );
  return {
    outdir,
    folder: join(root, "beside"),
    writeStack,
    async stack(name) {
      const stack = (await readStacks(outdir, "dev")).find((one) => one.stack === name);
      if (stack === undefined) throw new Error(`The stand-in has no stack ${name}`);
      return stack;
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
};

/** The environment in which Terraform's S3 backend, its AWS provider and the SDK find moto. */
export const motoEnvironment = (moto: Moto): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: moto.client.endpoint,
  AWS_ACCESS_KEY_ID: moto.client.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: moto.client.credentials.secretAccessKey,
  AWS_REGION: moto.client.region,
  AWS_EC2_METADATA_DISABLED: "true",
});
