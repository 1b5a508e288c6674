import { ECRClient } from "@aws-sdk/client-ecr";
import { Command, InvalidArgumentError, Option } from "commander";
import { hashContext, workerContext } from "../../terraform/image/build-context.ts";
import { type Engine, engineNames } from "../../terraform/image/container-engine.ts";
import { imageRecordPath, readImageRecord, writeImageRecord } from "../../terraform/image/image-record.ts";
import { publishImage } from "../../terraform/image/publish.ts";
import { openRegistry } from "../../terraform/image/registry.ts";
import { readDeployment } from "./deployment.ts";
import { parseStage, report } from "./stage.ts";

interface ImageOptions {
  readonly stage?: string;
  readonly record?: true;
  readonly engine?: Engine;
  readonly buildArg: Readonly<Record<string, string>>;
  readonly json?: true;
}

/** Collects `NAME=VALUE` for the ARGs of the Dockerfile. */
export const collectBuildArguments = (
  text: string,
  previous: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => {
  const [, name, value] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError(
      "A build argument is NAME=VALUE, e.g. BASE=docker.io/library/debian@sha256:….",
    );
  return { ...previous, [name]: value };
};

const publish = async (stage: string, { engine, buildArg }: ImageOptions) => {
  const { deployment, names } = await readDeployment(stage);
  const client = new ECRClient({ region: deployment.region });
  try {
    return await publishImage({
      context: workerContext,
      registry: openRegistry(client, names.imageRepository),
      architecture: deployment.worker.architecture,
      ...(engine === undefined ? {} : { engine }),
      buildArguments: buildArg,
      report,
    });
  } finally {
    client.destroy();
  }
};

const recordImage = async (options: ImageOptions): Promise<void> => {
  const { stage, record, json } = options;
  const before = await readImageRecord();
  const publishResult = stage === undefined ? undefined : await publish(stage, options);
  const contextHash = publishResult?.contextHash ?? (await hashContext(workerContext));
  const after = { ...before, contextHash, digest: publishResult?.digest ?? before.digest };
  const hasChanged = after.contextHash !== before.contextHash || after.digest !== before.digest;
  const shouldWrite = (record || publishResult !== undefined) && hasChanged;
  if (shouldWrite) await writeImageRecord(after);
  if (shouldWrite && publishResult === undefined && after.digest !== null)
    report(
      "The recorded digest belongs to older sources. Build the image again: npx reelway image --stage STAGE",
    );
  if (json) {
    const { isBuilt = false, imageUri: reference = null } = publishResult ?? {};
    process.stdout.write(
      `${JSON.stringify({ file: imageRecordPath, before, after, written: shouldWrite, built: isBuilt, image: reference }, null, 2)}\n`,
    );
    return;
  }
  const digest = after.digest ?? "none; to build the image: npx reelway image --stage STAGE";
  const recordState = shouldWrite
    ? "written; commit it"
    : hasChanged
      ? "out of date: the sources have changed. To update it: npx reelway image --record"
      : "up to date";
  process.stdout.write(
    `Digest:   ${digest}\nContext:  ${contextHash}\nRecord:   ${imageRecordPath}, ${recordState}\n`,
  );
};

/** Adds the options for building the worker's image. */
export const withImageBuild = (command: Command): Command =>
  command
    .addOption(
      new Option("--engine <name>", "container engine (default: the first one found)").choices(engineNames),
    )
    .option(
      "--build-arg <name=value>",
      "build argument of the Dockerfile, e.g. BASE pinned by digest; repeatable",
      collectBuildArguments,
      {},
    );

/** `reelway image` */
export const imageCommand = (): Command =>
  withImageBuild(
    new Command("image")
      .description("build and push the worker's image and record its digest")
      .option(
        "--stage <name>",
        "build and push to the registry of this stage, unless the image exists",
        parseStage,
      )
      .addOption(
        new Option(
          "--record",
          "record the hash of the sources without building, after a change to the worker",
        ).conflicts("stage"),
      ),
  )
    .option("--json", "print one JSON document on standard output; progress goes to standard error")
    .action(recordImage);
