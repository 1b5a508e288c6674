import {
  listOutputGroupKeys,
  type OutputGroupKeys,
} from "../../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { getDestination, type OutputDestination } from "../../../pipeline/jobs/output-destination.ts";
import {
  buildOutputMetadata,
  decidePublish,
  isFromAttempt,
  ownershipMetadata,
} from "../../../pipeline/jobs/ownership.ts";
import type { ObjectHead, ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { AttemptAborted } from "../failures/attempt-aborted.ts";
import { withStoreFailures } from "../failures/failure.ts";
import { defaultRetryPolicy, type RetryPolicy, retryTransient } from "../failures/retry.ts";
import type { CheckedOutput, OutputGroups } from "./output-groups.ts";
import { removeOrphans, withdrawOutputs } from "./withdraw.ts";

export interface PublishPorts {
  readonly objects: ObjectStore;
  /** Retries of calls with transient failures. @default about a minute in total */
  readonly retryPolicy?: RetryPolicy;
}
export interface Publication {
  publish(onWritten: (count: number) => void): Promise<void>;
  /**
   * Deletes every object that was written, or may have been if the response was lost.
   *
   * @throws OutputCleanupError
   */
  withdraw(): Promise<void>;
  /**
   * Deletes the objects in an output folder that are not part of the output.
   *
   * @throws OutputCleanupError
   */
  removeOrphans(): Promise<void>;
}

/** Concurrent uploads. */
const uploadConcurrency = 4;

const buildKeyConflictFailure = (bucket: string, key: string, { metadata }: ObjectHead): JobFailure => {
  const job = metadata[ownershipMetadata.job];
  const route = metadata[ownershipMetadata.route];
  const owner =
    job === undefined
      ? "was not created by Reelway"
      : `belongs to job ${job}${route === undefined ? "" : ` (route ${route})`}, which has another source`;
  return new JobFailure(
    3002,
    `Output ${key} in ${bucket} already exists and ${owner}. Delete it, or upload the source with another name.`,
  );
};
const buildSupersededFailure = (specification: AttemptSpecification, key: string): JobFailure =>
  new JobFailure(
    3002,
    `A newer version of ${specification.source.key} already created ${key}. This version is skipped. No action needed.`,
  );

/**
 * Returns the object of a key if it may be replaced. Rejects with 3002 if not, or `AttemptAborted` for a later
 * attempt's.
 */
const checkReplaceable = async (
  { objects }: PublishPorts,
  specification: AttemptSpecification,
  key: string,
  { bucket }: OutputDestination,
): Promise<ObjectHead | undefined> => {
  const existing = await withStoreFailures("output", `Reading the metadata of output ${key}`, () =>
    objects.head({ bucket, key }),
  );
  if (existing === undefined) return undefined;
  const decision = decidePublish(existing.metadata, specification.ownership, specification.attempt);
  if (decision === "stale-attempt") throw new AttemptAborted("lost");
  if (decision === "conflict") throw buildKeyConflictFailure(bucket, key, existing);
  if (decision === "superseded") throw buildSupersededFailure(specification, key);
  return existing;
};

/**
 * Maximum keys to list when searching for numbered ones: a pattern may begin with its number, in a bucket of millions.
 */
const maxKeysListed = 10_000;

/**
 * Finds the first existing key that a numbered file may get. Conflicts that are missed here are detected when writing.
 */
const findFirstMatch = async (
  { objects }: PublishPorts,
  specification: AttemptSpecification,
  { prefix, isMatch, isThumbnail }: OutputGroupKeys["numberedKeyPatterns"][number],
): Promise<string | undefined> => {
  let listedCount = 0;
  for await (const { key } of objects.list(getDestination(specification, isThumbnail).bucket, prefix)) {
    if (isMatch(key)) return key;
    listedCount += 1;
    if (listedCount === maxKeysListed) break;
  }
  return undefined;
};

/** @throws JobFailure 3002 if a key of an output group belongs to another source */
const checkGroupKeys = async (
  ports: PublishPorts,
  specification: AttemptSpecification,
  { keys, numberedKeyPatterns }: OutputGroupKeys,
) => {
  for (const key of keys) await checkReplaceable(ports, specification, key, getDestination(specification));
  for (const files of numberedKeyPatterns) {
    const key = await withStoreFailures("output", `Listing ${files.prefix}`, () =>
      findFirstMatch(ports, specification, files),
    );
    if (key !== undefined)
      await checkReplaceable(ports, specification, key, getDestination(specification, files.isThumbnail));
  }
};

/**
 * Checks the output keys for conflicts (3002) before encoding. A conflict fails its output group, or the attempt if it
 * has no output groups.
 */
export const checkKeys = async (
  ports: PublishPorts,
  specification: AttemptSpecification,
  outputGroups: OutputGroups,
): Promise<void> => {
  if (specification.recipe.name !== "transcode") {
    for (const key of specification.outputKeys)
      if (!key.endsWith("/"))
        await checkReplaceable(ports, specification, key, getDestination(specification));
    return;
  }
  for (const outputGroup of listOutputGroupKeys(specification.recipe))
    await checkGroupKeys(ports, specification, outputGroup).catch((cause: unknown) => {
      if (!isKeyConflict(cause)) throw cause;
      outputGroups.fail(outputGroup.outputGroup, cause);
    });
  outputGroups.throwIfAllFailed();
};

const isKeyConflict = (cause: unknown): cause is JobFailure =>
  cause instanceof JobFailure && cause.code === 3002;

const isPreconditionFailure = (failure: unknown): boolean =>
  failure instanceof JobFailure &&
  failure.cause instanceof StoreFailure &&
  failure.cause.kind === "precondition";

/** True if an earlier try has written the file, and its response was lost or its retry was rejected (412). */
const isWritten = (
  { metadata, bytes }: ObjectHead,
  specification: AttemptSpecification,
  file: CheckedOutput,
): boolean =>
  isFromAttempt(metadata, specification.ownership, specification.attempt) && bytes === file.output.bytes;

/**
 * Reads the existing object's metadata, decides, and writes on the condition that the object has not changed. Safe to
 * repeat.
 *
 * @throws JobFailure 3000, retryable, if another writer has changed the object in between
 */
const publishFile = async (
  ports: PublishPorts,
  specification: AttemptSpecification,
  file: CheckedOutput,
): Promise<void> => {
  const { key, path, contentType, isThumbnail } = file.plannedOutput;
  const destination = getDestination(specification, isThumbnail);
  const { bucket, storageClass, grants } = destination;
  const existing = await checkReplaceable(ports, specification, key, destination);
  if (existing !== undefined && isWritten(existing, specification, file)) return;
  const condition =
    existing === undefined
      ? ({ absent: true } as const)
      : { etag: existing.etag, versionId: existing.versionId };
  await withStoreFailures("output", `Writing output ${key}`, () =>
    ports.objects.write(
      { bucket, key },
      { file: path, canLink: true },
      {
        contentType,
        storageClass,
        grants,
        metadata: buildOutputMetadata(specification.ownership, specification.attempt),
        condition,
      },
    ),
  ).catch((failure: unknown) => {
    if (!isPreconditionFailure(failure)) throw failure;
    throw new JobFailure(
      3000,
      `Output ${key} of ${bucket} could not be written: another program keeps replacing it. Another attempt may succeed.`,
      { retryable: true, cause: failure },
    );
  });
};

/**
 * Creates the publication of an attempt's outputs. It checks all keys, then writes the files, then the manifests one at
 * a time, so that a player never finds a manifest before its files. A key conflict fails only its output group, whose
 * written objects are deleted.
 *
 * @param signal aborts between two writes
 */
export const createPublication = (
  ports: PublishPorts,
  specification: AttemptSpecification,
  outputs: readonly CheckedOutput[],
  signal: AbortSignal,
  outputGroups: OutputGroups,
): Publication => {
  const retry = { policy: ports.retryPolicy ?? defaultRetryPolicy };
  /** Files whose write was started. Their objects may exist even if the write failed. */
  const startedFiles: CheckedOutput[] = [];
  const getAddress = ({ plannedOutput: { key, isThumbnail } }: CheckedOutput) => ({
    bucket: getDestination(specification, isThumbnail).bucket,
    key,
  });
  /** A key conflict fails the file's output group, and the others continue. Any other failure fails the attempt. */
  const runUnlessConflict = async (
    { plannedOutput }: CheckedOutput,
    operation: () => Promise<void>,
  ): Promise<void> => {
    signal.throwIfAborted();
    if (outputGroups.hasFailed(plannedOutput)) return;
    await operation().catch((cause: unknown) => {
      if (!isKeyConflict(cause)) throw cause;
      outputGroups.failFile(plannedOutput, cause);
    });
  };
  return {
    async publish(onWritten) {
      let publishedCount = 0;
      const retryWrite = <Result>(operation: () => Promise<Result>) =>
        retryTransient(operation, { ...retry, signal });
      const write = (file: CheckedOutput): Promise<void> =>
        runUnlessConflict(file, async () => {
          startedFiles.push(file);
          await retryWrite(() => publishFile(ports, specification, file));
          publishedCount += 1;
          onWritten(publishedCount);
        });
      for (const file of outputs)
        await runUnlessConflict(file, async () => {
          const destination = getDestination(specification, file.plannedOutput.isThumbnail);
          await retryWrite(() => checkReplaceable(ports, specification, file.plannedOutput.key, destination));
        });
      const files = outputs.filter(({ plannedOutput }) => !plannedOutput.isManifest);
      const uploadRemaining = async (): Promise<void> => {
        for (let file = files.shift(); file !== undefined; file = files.shift())
          try {
            await write(file);
          } catch (cause) {
            files.length = 0;
            throw cause;
          }
      };
      // All uploads must finish before any output is withdrawn.
      const results = await Promise.allSettled(Array.from({ length: uploadConcurrency }, uploadRemaining));
      const rejected = results.find((result) => result.status === "rejected");
      if (rejected !== undefined) throw rejected.reason;
      const manifests = outputs.filter(({ plannedOutput }) => plannedOutput.isManifest);
      for (const file of manifests.filter(({ plannedOutput }) => plannedOutput.dependsOn === undefined))
        await write(file);
      for (const file of manifests.filter(({ plannedOutput }) => plannedOutput.dependsOn !== undefined))
        await write(file);
      const failedFiles = startedFiles.filter(({ plannedOutput }) => outputGroups.hasFailed(plannedOutput));
      await withdrawOutputs({ ...ports, retry }, specification, failedFiles.map(getAddress));
    },
    withdraw: () => withdrawOutputs({ ...ports, retry }, specification, startedFiles.map(getAddress)),
    removeOrphans: () =>
      removeOrphans(
        { ...ports, retry },
        specification,
        new Set(outputs.map(({ plannedOutput }) => plannedOutput.key)),
      ),
  };
};
