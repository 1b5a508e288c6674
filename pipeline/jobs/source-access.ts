import type { JobSource } from "../attempts/source.ts";
import { type ErrorCode, JobFailure, needsAccess } from "../errors/job-error.ts";
import type { ObjectHead, ObjectStore } from "../ports/object-store.ts";
import { StoreFailure, type StoreFailureKind } from "../ports/store-failure.ts";
import type { AttemptSpecification } from "./attempt.ts";

/** Who reads sources on AWS, for messages about a refused read. */
export interface SourceReader {
  /** Name of the IAM role. */
  readonly role: string;
  /** Name of the stage, e.g. `prod`. */
  readonly stage: string;
}

/** Kinds of failures that last until an operator repairs the access, with the code of the job's error. */
const refusalCodes: Readonly<Partial<Record<StoreFailureKind, ErrorCode>>> = {
  denied: 3003,
  archived: 3003,
  "bucket-not-found": 3005,
};

/** True if the store refused a read and will refuse it again until an operator repairs the access. */
export const isReadRefused = (cause: unknown): cause is StoreFailure =>
  cause instanceof StoreFailure && refusalCodes[cause.kind] !== undefined;

/** Reads the metadata of an upload; undefined if it was removed, the failure if the store refuses the read. */
export const headUpload = async (
  objects: Pick<ObjectStore, "head">,
  { bucket, key, versionId }: Pick<JobSource, "bucket" | "key" | "versionId">,
): Promise<ObjectHead | StoreFailure | undefined> => {
  try {
    return await objects.head({ bucket, key, ...(versionId === undefined ? {} : { versionId }) });
  } catch (cause) {
    if (isReadRefused(cause)) return cause;
    throw cause;
  }
};

const describeRepair = (
  { bucket, key }: Pick<JobSource, "bucket" | "key">,
  { kind }: StoreFailure,
  reader: SourceReader | undefined,
): string => {
  if (kind === "bucket-not-found") return `Create the bucket ${bucket} again, or correct its name`;
  if (kind === "archived") return `Restore ${key} from its archive storage class (aws s3api restore-object)`;
  return reader === undefined
    ? `Allow Reelway to read ${key}`
    : `Allow the role ${reader.role} to read ${key} in the policy of the bucket ${bucket}. If a KMS key of your own encrypts it, allow the role kms:Decrypt in the key's policy, add the key to mediaKmsKeyArns and deploy`;
};

/**
 * Builds the failure of a job whose source cannot be read until an operator repairs the access.
 *
 * @param id of the job, for the command that retries it
 * @param reader absent on one machine
 */
export const buildReadRefusedFailure = (
  source: Pick<JobSource, "bucket" | "key">,
  id: string,
  failure: StoreFailure,
  reader: SourceReader | undefined,
): JobFailure => {
  const command = `npx reelway retry ${id}${reader === undefined ? "" : ` --stage ${reader.stage}`}`;
  const reason = failure.message.replace(/[.\s]*$/, "");
  return new JobFailure(
    refusalCodes[failure.kind] ?? 3003,
    `${reason}. ${describeRepair(source, failure, reader)}. Then run: ${command}`,
    { retryable: true, cause: failure },
  );
};

/**
 * Says how to repair the access if an attempt of an upload failed because its source could not be read; else returns the
 * failure.
 */
export const explainReadRefusal = (
  { source, ownership }: Pick<AttemptSpecification, "source" | "ownership">,
  failure: unknown,
  reader: SourceReader | undefined,
): unknown =>
  ownership.kind === "source" &&
  failure instanceof JobFailure &&
  needsAccess(failure) &&
  isReadRefused(failure.cause)
    ? buildReadRefusedFailure(source, ownership.job, failure.cause, reader)
    : failure;
