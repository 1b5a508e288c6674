import { ECRClient } from "@aws-sdk/client-ecr";
import { commandClientOptions } from "../../adapters/aws/command-client.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";
import { hashContext, workerContext } from "../../terraform/image/build-context.ts";
import type { Compression, Engine } from "../../terraform/image/engine-names.ts";
import {
  type ImageRecord,
  imageRecordPath,
  readImageRecord,
  writeImageRecord,
} from "../../terraform/image/image-record.ts";
import { publishImage } from "../../terraform/image/publish.ts";
import { openRegistry } from "../../terraform/image/registry.ts";
import { readDeployment } from "./deployment.ts";
import { checkCompression } from "./image-compression.ts";
import { report } from "./stage.ts";

/** Options of `reelway image`. */
export interface ImageOptions {
  readonly stage?: string;
  readonly record?: true;
  readonly rebuild?: true;
  readonly engine?: Engine;
  readonly buildArg: Readonly<Record<string, string>>;
  readonly compression?: Compression;
  readonly json?: true;
}

const publish = async (
  stage: string,
  { engine, buildArg, compression, rebuild }: ImageOptions,
  recordedImage: ImageRecord,
) => {
  const { deployment, names } = await readDeployment(stage);
  const client = new ECRClient({ ...commandClientOptions, region: deployment.region });
  try {
    return await publishImage({
      context: workerContext,
      registry: openRegistry(client, names.imageRepository),
      architecture: deployment.worker.architecture,
      recordedImage,
      ...(rebuild ? { rebuildTime: new Date() } : {}),
      ...(engine === undefined ? {} : { engine }),
      buildArguments: buildArg,
      ...checkCompression(compression, deployment),
      report,
    });
  } finally {
    client.destroy();
  }
};

/** Builds the worker's image if a stage is set, and records its digest. */
export const recordImage = async (options: ImageOptions): Promise<void> => {
  const { stage, record, json } = options;
  const { engine, buildArg, compression, rebuild } = options;
  const hasBuildOption =
    engine !== undefined || compression !== undefined || rebuild || Object.keys(buildArg).length > 0;
  if (stage === undefined && hasBuildOption)
    throw new UsageError(
      "Without --stage nothing is built, so --engine, --build-arg, --compression and --rebuild have no effect. Add --stage NAME.",
    );
  const before = await readImageRecord();
  const publishResult = stage === undefined ? undefined : await publish(stage, options, before);
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
