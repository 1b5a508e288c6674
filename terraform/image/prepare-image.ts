import { workerContext } from "./build-context.ts";
import { imageRecordPath, readImageRecord, writeImageRecord } from "./image-record.ts";
import { isPublished, type PublishOptions, publishImage } from "./publish.ts";

/** Options of `prepareImage`. */
export interface PrepareImageOptions extends Omit<PublishOptions, "context"> {
  /** `URI@DIGEST` of an existing image. @default the registry's image of the current sources; built if missing */
  readonly existingImageUri?: string;
  /** Synthesizes the stacks again, with the recorded image. */
  readonly synthesize: () => Promise<unknown>;
  /** Path of the record. @default image.json */
  readonly recordPath?: string;
}

/** Environment variable for Terraform's variable with the image, used while none is recorded (stacks/compute.ts). */
export const imageVariable = "TF_VAR_worker_image";

/**
 * Makes sure that the worker's image can be pulled before the stack that uses it is deployed. Builds it if needed and
 * records its digest in the image record, which reviewed plans use.
 *
 * @returns environment variables with the image for Terraform; empty if the stacks contain it
 */
export const prepareImage = async (
  options: PrepareImageOptions,
): Promise<Readonly<Record<string, string>>> => {
  const { existingImageUri, registry, report, synthesize, recordPath: path = imageRecordPath } = options;
  if (existingImageUri !== undefined) return { [imageVariable]: existingImageUri };
  const record = await readImageRecord(path);
  if (record.digest === null && process.env[imageVariable]) return {};
  if (await isPublished(record, registry)) return {};
  if (record.digest !== null) report(`The recorded image ${record.digest} is not in the registry.`);
  const { imageUri, digest, contextHash } = await publishImage({ ...options, context: workerContext });
  await writeImageRecord({ ...record, digest, contextHash }, path);
  report(`Recorded ${digest} in ${path}. Commit this file; the next plan uses it.`);
  // The variable names the same image until the stacks are synthesized with the new record.
  if (record.digest !== null && record.digest !== digest) await synthesize();
  return { [imageVariable]: imageUri };
};
