import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { ElasticTranscoderClient } from "@aws-sdk/client-elastic-transcoder";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import * as z from "zod";
import { packageDirectory } from "../../build/package-directory.ts";
import { buildDeploymentNames, type Deployment } from "../../modules/names.ts";
import { parseConfiguration } from "../../pipeline/configuration/schema.ts";
import { readStacks, type SynthesizedStack } from "../../terraform/runner/stacks.ts";
import { synthesize } from "../../terraform/runner/synthesize.ts";
import { openTerraform, type Terraform } from "../../terraform/runner/terraform.ts";
import type { Moto } from "../contract/moto.ts";
import { bin, type RunningRuntime, startReelway } from "../e2e/program.ts";
import wholeConfiguration from "../synth/whole.config.ts";
import { motoEnvironment } from "../terraform/stand-in-app.ts";
import { type AwsProvider, listTypes, startAwsProvider } from "./aws-provider.ts";
import { startEmulator } from "./emulator.ts";

const key = z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), scope: z.string() });
const secret = z.object({ keys: z.tuple([key], key) });

/** An image that no test pulls: the emulator starts no container. */
const image = `123456789012.dkr.ecr.us-east-1.amazonaws.com/reelway-dev-ffmpeg@sha256:${"a".repeat(64)}`;

/** A complete synthesized stage with its own emulated account and transcoder. */
export interface Stage {
  readonly folder: string;
  readonly moto: Moto;
  readonly runtime: RunningRuntime;
  readonly stacks: readonly SynthesizedStack[];
  /** The environment a process needs to use the account. */
  readonly environment: Readonly<Record<string, string>>;
  readonly deployment: Deployment;
  readonly names: ReturnType<typeof buildDeploymentNames>;
  stack(name: string): SynthesizedStack;
  open(stack: Pick<SynthesizedStack, "directory">): Promise<Terraform>;
  /**
   * Runs a command as a person does, in the stage's folder.
   *
   * @returns what it printed
   * @throws where it ends with another code than 0
   */
  reelway(...args: readonly string[]): Promise<string>;
  /** Copies the keys of the account's secret to the transcoder. */
  writeTranscoderKeys(): Promise<void>;
  /** The key of scope `full` in the account's secret. */
  transcoderKey(): Promise<z.infer<typeof key>>;
  /** A client of the transcoder, with that key. */
  transcoder(): Promise<ElasticTranscoderClient>;
  close(): Promise<void>;
}

/** Makes a folder in which the assets of all stacks have the paths that they have in their stack. */
const linkAssets = async (folder: string, stacks: readonly SynthesizedStack[]): Promise<string> => {
  await mkdir(folder);
  for (const { directory } of stacks) {
    const entries = await readdir(join(directory, "assets"), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const { parentPath, name } of entries.filter((entry) => entry.isFile())) {
      const path = join(folder, relative(directory, join(parentPath, name)));
      await mkdir(dirname(path), { recursive: true });
      await symlink(join(parentPath, name), path);
    }
  }
  return folder;
};

/** Starts the emulator and a transcoder, and synthesizes the stage against them. */
export const openStage = async (): Promise<Stage> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-stage-"));
  const data = join(folder, "runtime");
  const [moto, runtime] = await Promise.all([startEmulator(), startReelway(data)]);
  const outdir = join(folder, "out");
  const synthEnvironment = {
    ...motoEnvironment(moto),
    TF_VAR_worker_image: image,
    // An apply is slow because the provider waits, not because of the machine.
    TF_CLI_ARGS_apply: "-parallelism=30",
    TF_CLI_ARGS_destroy: "-parallelism=30",
    CDKTF_OUTDIR: outdir,
    REELWAY_CONFIG: fileURLToPath(new URL("apply.config.ts", import.meta.url)),
    APPLY_TRANSCODER: `http://127.0.0.1:${runtime.port}`,
  };
  const stop = new AbortController();
  let provider: AwsProvider | undefined;
  const close = async (): Promise<void> => {
    // A step over its time limit ends with its account.
    stop.abort();
    runtime.child.kill("SIGTERM");
    await Promise.all([runtime.exited, moto.close(), provider?.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  const [stacks, environment] = await (async () => {
    await synthesize(synthEnvironment);
    const synthesized = await readStacks(outdir, "dev");
    const types = await listTypes(synthesized.map(({ directory }) => directory));
    const cwd = await linkAssets(join(folder, "provider"), synthesized);
    provider = await startAwsProvider(motoEnvironment(moto), types, cwd);
    return [synthesized, { ...synthEnvironment, ...provider.environment }] as const;
  })().catch(async (cause: unknown) => {
    await close();
    throw cause;
  });
  const { project, stages } = parseConfiguration(wholeConfiguration);
  const { dev } = stages;
  if (dev === undefined) throw new Error("The configuration has no stage dev.");
  const deployment = { project, stage: "dev", ...dev };
  const names = buildDeploymentNames(deployment);
  const readKeys = async () => {
    const { SecretString: text } = await new SecretsManagerClient(moto.client).send(
      new GetSecretValueCommand({ SecretId: names.transcoderKeys }),
    );
    return secret.parse(JSON.parse(text ?? "")).keys;
  };
  return {
    folder,
    moto,
    runtime,
    stacks,
    environment,
    deployment,
    names,
    stack(name) {
      const synthesizedStack = stacks.find(({ stack }) => stack === name);
      if (synthesizedStack === undefined) throw new Error(`No stack ${name} was synthesized.`);
      return synthesizedStack;
    },
    open: ({ directory }) => openTerraform({ directory, environment, signal: stop.signal }),
    reelway: (...args) =>
      new Promise((resolve, reject) => {
        execFile(
          process.execPath,
          [bin, ...args],
          {
            cwd: packageDirectory,
            env: { ...process.env, ...environment },
            maxBuffer: 2 ** 26,
            signal: stop.signal,
          },
          (error, stdout, stderr) =>
            error === null
              ? resolve(stdout)
              : reject(new Error(`reelway ${args.join(" ")} ended with ${error.code}:\n${stderr}${stdout}`)),
        );
      }),
    async writeTranscoderKeys() {
      const [first, ...others] = await readKeys();
      await writeFile(join(data, "transcoder-keys.json"), JSON.stringify({ ...first, others }));
    },
    transcoderKey: async () => (await readKeys())[0],
    transcoder: async () =>
      new ElasticTranscoderClient({
        region: "us-east-1",
        endpoint: `http://127.0.0.1:${runtime.port}`,
        credentials: (await readKeys())[0],
      }),
    close,
  };
};
