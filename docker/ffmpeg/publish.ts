import {
  listOutputGroupKeys,
  type OutputGroupKeys,
} from "../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import { getDestination, type OutputDestination } from "../../pipeline/jobs/output-destination.ts";
import {
  buildOutputMetadata,
  decidePublish,
  isFromAttempt,
  ownershipMetadata,
} from "../../pipeline/jobs/ownership.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { AttemptAborted } from "./attempt-aborted.ts";
import { withStoreFailures } from "./failure.ts";
import type { CheckedOutput, OutputGroups } from "./output-groups.ts";
import { defaultRetryPolicy, type RetryPolicy, retryTransient } from "./retry.ts";
import { removeOrphans, withdrawOutputs } from "./withdraw.ts";

export interface PublishPorts {
  readonly objects: ObjectStore;
  /** Of calls that failed for a transient reason. @default about a minute in all */
  readonly retryPolicy?: RetryPolicy;
}
export interface Publication {
  publish(onWritten: (count: number) => void): Promise<void>;
  /**
   * Removes everything that was written, or may have been by a write whose answer was lost.
   *
   * @throws OutputCleanupError
   */
  withdraw(): Promise<void>;
  /**
   * Clears a folder output of what no longer belongs to it.
   *
   * @throws OutputCleanupError
   */
  removeOrphans(): Promise<void>;
}

/** Uploads at once. */
const uploadConcurrency = 4;

const buildKeyConflictFailure = (bucket: string, key: string, { metadata }: ObjectHead): JobFailure => {
  const job = metadata[ownershipMetadata.job];
  const route = metadata[ownershipMetadata.route];
  const owner =
    job === undefined
      ? "is an object that no job of Reelway made"
      : `belongs to job ${job}${route === undefined ? "" : ` of route ${route}`}, made from another source`;
  return new JobFailure(
    3002,
    `Output ${key} of ${bucket} exists and ${owner}. Remove it, or upload the source under another name.`,
  );
};
const buildSupersededFailure = (specification: AttemptSpecification, key: string): JobFailure =>
  new JobFailure(
    3002,
    `A newer version of ${specification.source.key} has made ${key} already; this older version is left out. No action needed.`,
  );

/** What is under a key, if it may be replaced; rejects with 3002, or `AttemptAborted` for a later attempt's, where it may not. */
const checkReplaceable = async (
  { objects }: PublishPorts,
  specification: AttemptSpecification,
  key: string,
  { bucket }: OutputDestination,
): Promise<ObjectHead | undefined> => {
  const existing = await withStoreFailures("output", `Looking at output ${key}`, () =>
    objects.head({ bucket, key }),
  );
  if (existing === undefined) return undefined;
  const decision = decidePublish(existing.metadata, specification.ownership, specification.attempt);
  if (decision === "stale-attempt") throw new AttemptAborted("lost");
  if (decision === "conflict") throw buildKeyConflictFailure(bucket, key, existing);
  if (decision === "superseded") throw buildSupersededFailure(specification, key);
  return existing;
};

/** Keys that are looked through for numbered ones: a pattern may begin with its number, in a bucket of millions. */
const maxKeysListed = 10_000;

/** The first key under a prefix that a numbered file may get; what is not found here is found at the writing. */
const findFirstMatch = async (
  { objects }: PublishPorts,
  specification: AttemptSpecification,
  { prefix, matches, isThumbnail }: OutputGroupKeys["numberedKeyPatterns"][number],
): Promise<string | undefined> => {
  let listedCount = 0;
  for await (const { key } of objects.list(getDestination(specification, isThumbnail).bucket, prefix)) {
    if (matches(key)) return key;
    listedCount += 1;
    if (listedCount === maxKeysListed) break;
  }
  return undefined;
};

/** @throws JobFailure 3002 where a key of a part belongs to another */
const checkGroupKeys = async (
  ports: PublishPorts,
  specification: AttemptSpecification,
  { keys, numberedKeyPatterns }: OutputGroupKeys,
) => {
  for (const key of keys) await checkReplaceable(ports, specification, key, getDestination(specification));
  for (const files of numberedKeyPatterns) {
    const key = await withStoreFailures("output", `Looking for ${files.prefix}`, () =>
      findFirstMatch(ports, specification, files),
    );
    if (key !== undefined)
      await checkReplaceable(ports, specification, key, getDestination(specification, files.isThumbnail));
  }
};

/**
 * Refuses, before anything is spent, what would be written where an object of another is (3002): a part of the order
 * where it has parts, else the order.
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

/** True where an earlier try has written the file: its answer was lost, or its repetition was refused (412). */
const isWritten = (
  { metadata, bytes }: ObjectHead,
  specification: AttemptSpecification,
  file: CheckedOutput,
): boolean =>
  isFromAttempt(metadata, specification.ownership, specification.attempt) && bytes === file.output.bytes;

/**
 * Head, decide, write under the condition that it is still so. Safe to repeat.
 *
 * @throws JobFailure 3000, retryable, where another writer was faster: the next call looks again
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
      { file: path },
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
 * The publication of an attempt's outputs: all keys are looked at first, files are written next, manifests last
 * and one by one, so that a player never finds a manifest before what it names. A part with a file whose key is
 * another's fails by itself: what it had written is removed.
 *
 * @param signal gives up between two writes
 */
export const createPublication = (
  ports: PublishPorts,
  specification: AttemptSpecification,
  outputs: readonly CheckedOutput[],
  signal: AbortSignal,
  outputGroups: OutputGroups,
): Publication => {
  const retry = { policy: ports.retryPolicy ?? defaultRetryPolicy };
  /** What a write was begun of: its object may be there even where the write failed. */
  const startedFiles: CheckedOutput[] = [];
  const getAddress = ({ plannedOutput: { key, isThumbnail } }: CheckedOutput) => ({
    bucket: getDestination(specification, isThumbnail).bucket,
    key,
  });
  /** A key that is another's fails its part, and the rest goes on; any other failure is the attempt's. */
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
      // Every lane is at rest before anything may be withdrawn.
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
