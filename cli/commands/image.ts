import { ECRClient } from "@aws-sdk/client-ecr";
import { Command, InvalidArgumentError, Option } from "commander";
import { type Engine, engines } from "../../terraform/image/engine.ts";
import { imageFile, readImageRecord, writeImageRecord } from "../../terraform/image/image-file.ts";
import { publishImage } from "../../terraform/image/publish.ts";
import { openRegistry } from "../../terraform/image/registry.ts";
import { hashSources, withWorkerSources } from "../../terraform/image/sources.ts";
import { readDeployment } from "./deployment.ts";
import { parseStage, say } from "./stage.ts";

interface ImageOptions {
  readonly stage?: string;
  readonly record?: true;
  readonly engine?: Engine;
  readonly buildArg: Readonly<Record<string, string>>;
  readonly json?: true;
}

/** Collects `NAME=VALUE` for the Dockerfile's ARGs. */
export const collectBuildArguments = (
  text: string,
  before: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const [, name, value] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(
      "A build argument is NAME=VALUE, e.g. BASE=docker.io/library/debian@sha256:….",
    );
  return { ...before, [name]: value };
};

const publish = (stage: string, { engine, buildArg }: ImageOptions) =>
  withWorkerSources(async (context) => {
    const { deployment, names } = await readDeployment(stage);
    const client = new ECRClient({ region: deployment.region });
    try {
      return await publishImage({
        context,
        registry: openRegistry(client, names.repository),
        architecture: deployment.worker.architecture,
        ...(engine === undefined ? {} : { engine }),
        buildArguments: buildArg,
        say,
      });
    } finally {
      client.destroy();
    }
  });

const image = async (options: ImageOptions): Promise<void> => {
  const { stage, record, json } = options;
  const before = await readImageRecord();
  const published = stage === undefined ? undefined : await publish(stage, options);
  const sources = published?.sources ?? (await withWorkerSources(hashSources));
  const after = { ...before, sources, digest: published?.digest ?? before.digest };
  const changed = after.sources !== before.sources || after.digest !== before.digest;
  const writes = (record || published !== undefined) && changed;
  if (writes) await writeImageRecord(after);
  if (writes && published === undefined && after.digest !== null)
    say("The recorded digest is of older sources. Build the image anew: npx reelway image --stage STAGE");
  if (json) {
    const { built = false, image: reference = null } = published ?? {};
    process.stdout.write(
      `${JSON.stringify({ file: imageFile, before, after, written: writes, built, image: reference }, null, 2)}\n`,
    );
    return;
  }
  const digest = after.digest ?? "none yet; npx reelway image --stage STAGE builds it";
  const state = writes
    ? "written; commit it"
    : changed
      ? "out of date: the sources have changed. npx reelway image --record"
      : "up to date";
  process.stdout.write(`Digest:   ${digest}\nSources:  ${sources}\nRecord:   ${imageFile}, ${state}\n`);
};

/** Adds how the worker's image is built. */
export const withImageBuild = (command: Command): Command =>
  command
    .addOption(new Option("--engine <name>", "build with it, not with the first found").choices(engines))
    .option(
      "--build-arg <name=value>",
      "argument of the Dockerfile, e.g. BASE pinned by digest; may be repeated",
      collectBuildArguments,
      {},
    );

/** `reelway image` */
export const imageCommand = (): Command =>
  withImageBuild(
    new Command("image")
      .description("build and push the worker's image, and record which one is deployed")
      .option("--stage <name>", "build it into the registry of this stage, unless it is there", parseStage)
      .addOption(
        new Option("--record", "only record the sources as they are, after a change to the worker").conflicts(
          "stage",
        ),
      ),
  )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(image);
