import { withWorkerContext } from "./build-context.ts";
import { imageRecordPath, readImageRecord, writeImageRecord } from "./image-record.ts";
import { isPublished, type PublishOptions, publishImage } from "./publish.ts";

export interface PrepareImageOptions extends Omit<PublishOptions, "context"> {
  /** `URI@DIGEST` that is built already. @default it is looked for in the registry, and built where it is not */
  readonly existingImageUri?: string;
  /** Synthesises the stacks again, which name the image that is recorded. */
  readonly synthesise: () => Promise<unknown>;
  /** Path of the record. @default docker/ffmpeg/image.json */
  readonly recordPath?: string;
}

/** Terraform's variable that names the image while none is recorded (stacks/compute.ts). */
const imageVariable = "TF_VAR_worker_image";

/**
 * Makes sure that the worker's image can be pulled before something is deployed that names it. One that had to be
 * built, or was found by its sources, is recorded: the file is what plans are reviewed with.
 *
 * @returns the variables that name it to Terraform; none where the stacks name it themselves
 */
export const prepareImage = async (
  options: PrepareImageOptions,
): Promise<Readonly<Record<string, string>>> => {
  const { existingImageUri, registry, report, synthesise, recordPath: path = imageRecordPath } = options;
  if (existingImageUri !== undefined) return { [imageVariable]: existingImageUri };
  const record = await readImageRecord(path);
  if (record.digest === null && process.env[imageVariable]) return {};
  if (await isPublished(record, registry)) return {};
  if (record.digest !== null) report(`The registry does not have the recorded image ${record.digest}.`);
  const { imageUri, digest, contextHash } = await withWorkerContext((context) =>
    publishImage({ ...options, context }),
  );
  await writeImageRecord({ ...record, digest, contextHash }, path);
  report(`Recorded ${digest} in ${path}: commit it, it is what the next plan is reviewed with.`);
  // Until the stacks are synthesised with it, the variable names the image; it stands for the same one.
  if (record.digest !== null && record.digest !== digest) await synthesise();
  return { [imageVariable]: imageUri };
};
