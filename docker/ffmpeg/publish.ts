import { keysOfParts, type PartKeys } from "../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { JobFailure } from "../../pipeline/errors/job-error.ts";
import { type OutputPlace, placeOf } from "../../pipeline/jobs/output-place.ts";
import { isOfAttempt, mayPublish, outputMetadata, ownershipMetadata } from "../../pipeline/jobs/ownership.ts";
import type { WorkOrder } from "../../pipeline/jobs/work-order.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { withStore } from "./failure.ts";
import { Halt } from "./halt.ts";
import type { CheckedOutput, Parts } from "./parts.ts";
import { defaultRetryDelaysMs, retryTransient } from "./retry.ts";
import { removeOrphans, withdrawOutputs } from "./withdraw.ts";

export interface PublishPorts {
  readonly objects: ObjectStore;
  /** Milliseconds between the tries of a call whose failure may pass. @default about a minute in all */
  readonly retryDelaysMs?: readonly number[];
}
export interface Publication {
  publish(onWritten: (count: number) => void): Promise<void>;
  /**
   * Removes everything that was written, or may have been by a write whose answer was lost.
   *
   * @throws OutputsLeft
   */
  withdraw(): Promise<void>;
  /**
   * Clears a folder output of what no longer belongs to it.
   *
   * @throws OutputsLeft
   */
  removeOrphans(): Promise<void>;
}

/** Uploads at once. */
const lanes = 4;

const taken = (bucket: string, key: string, { metadata }: ObjectHead): JobFailure => {
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
const superseded = (order: WorkOrder, key: string): JobFailure =>
  new JobFailure(
    3002,
    `A newer version of ${order.source.key} has made ${key} already; this older version is left out. Nothing is to be done.`,
  );

/** What is under a key, if it may be replaced; rejects with 3002, or `Halt` for a later attempt's, where it may not. */
const replaceable = async (
  { objects }: PublishPorts,
  order: WorkOrder,
  key: string,
  { bucket }: OutputPlace,
): Promise<ObjectHead | undefined> => {
  const existing = await withStore("output", `Looking at output ${key}`, () => objects.head({ bucket, key }));
  if (existing === undefined) return undefined;
  const decision = mayPublish(existing.metadata, order.ownership, order.attempt);
  if (decision === "overtaken") throw new Halt("lost");
  if (decision === "taken") throw taken(bucket, key, existing);
  if (decision === "superseded") throw superseded(order, key);
  return existing;
};

/** Keys that are looked through for numbered ones: a pattern may begin with its number, in a bucket of millions. */
const mostListed = 10_000;

/** The first key under a prefix that a numbered file may get; what is not found here is found at the writing. */
const firstTaken = async (
  { objects }: PublishPorts,
  order: WorkOrder,
  { prefix, matches, beside }: PartKeys["numbered"][number],
): Promise<string | undefined> => {
  let looked = 0;
  for await (const { key } of objects.list(placeOf(order, beside).bucket, prefix)) {
    if (matches(key)) return key;
    looked += 1;
    if (looked === mostListed) break;
  }
  return undefined;
};

/** @throws JobFailure 3002 where a key of a part belongs to another */
const checkPart = async (ports: PublishPorts, order: WorkOrder, { keys, numbered }: PartKeys) => {
  for (const key of keys) await replaceable(ports, order, key, placeOf(order));
  for (const files of numbered) {
    const key = await withStore("output", `Looking for ${files.prefix}`, () =>
      firstTaken(ports, order, files),
    );
    if (key !== undefined) await replaceable(ports, order, key, placeOf(order, files.beside));
  }
};

/**
 * Refuses, before anything is spent, what would be written where an object of another is (3002): a part of the order
 * where it has parts, else the order.
 */
export const checkKeys = async (ports: PublishPorts, order: WorkOrder, parts: Parts): Promise<void> => {
  if (order.recipe.name !== "transcode") {
    for (const key of order.outputKeys)
      if (!key.endsWith("/")) await replaceable(ports, order, key, placeOf(order));
    return;
  }
  for (const part of keysOfParts(order.recipe))
    await checkPart(ports, order, part).catch((cause: unknown) => {
      if (!isTaken(cause)) throw cause;
      parts.fail(part.part, cause);
    });
  parts.throwIfAllFailed();
};

const isTaken = (cause: unknown): cause is JobFailure => cause instanceof JobFailure && cause.code === 3002;

const lostRace = (failure: unknown): boolean =>
  failure instanceof JobFailure &&
  failure.cause instanceof StoreFailure &&
  failure.cause.kind === "precondition";

/** True where an earlier try has written the file: its answer was lost, or its repetition was refused (412). */
const isWritten = ({ metadata, bytes }: ObjectHead, order: WorkOrder, made: CheckedOutput): boolean =>
  isOfAttempt(metadata, order.ownership, order.attempt) && bytes === made.output.bytes;

/** Head, decide, write under the condition that it is still so; where it is not, look again. Safe to repeat. */
const publishOne = async (ports: PublishPorts, order: WorkOrder, made: CheckedOutput): Promise<void> => {
  const { key, path, contentType, beside } = made.planned;
  const place = placeOf(order, beside);
  const { bucket, storageClass, grants } = place;
  for (;;) {
    const existing = await replaceable(ports, order, key, place);
    if (existing !== undefined && isWritten(existing, order, made)) return;
    const condition =
      existing === undefined
        ? ({ absent: true } as const)
        : { etag: existing.etag, versionId: existing.versionId };
    try {
      await withStore("output", `Writing output ${key}`, () =>
        ports.objects.write(
          { bucket, key },
          { file: path },
          {
            contentType,
            storageClass,
            grants,
            metadata: outputMetadata(order.ownership, order.attempt),
            condition,
          },
        ),
      );
      return;
    } catch (failure) {
      if (!lostRace(failure)) throw failure;
    }
  }
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
  order: WorkOrder,
  outputs: readonly CheckedOutput[],
  signal: AbortSignal,
  parts: Parts,
): Publication => {
  const retry = { delaysMs: ports.retryDelaysMs ?? defaultRetryDelaysMs };
  /** What a write was begun of: its object may be there even where the write failed. */
  const begun: CheckedOutput[] = [];
  const addressOf = ({ planned: { key, beside } }: CheckedOutput) => ({
    bucket: placeOf(order, beside).bucket,
    key,
  });
  /** A key that is another's fails its part, and the rest goes on; any other failure is the attempt's. */
  const unlessTaken = async ({ planned }: CheckedOutput, act: () => Promise<void>): Promise<void> => {
    signal.throwIfAborted();
    if (parts.hasFailed(planned)) return;
    await act().catch((cause: unknown) => {
      if (!isTaken(cause)) throw cause;
      parts.failFile(planned, cause);
    });
  };
  return {
    async publish(onWritten) {
      let written = 0;
      const persist = <Answer>(act: () => Promise<Answer>) => retryTransient(act, { ...retry, signal });
      const write = (made: CheckedOutput): Promise<void> =>
        unlessTaken(made, async () => {
          begun.push(made);
          await persist(() => publishOne(ports, order, made));
          written += 1;
          onWritten(written);
        });
      for (const made of outputs)
        await unlessTaken(made, async () => {
          const place = placeOf(order, made.planned.beside);
          await persist(() => replaceable(ports, order, made.planned.key, place));
        });
      const files = outputs.filter(({ planned }) => !planned.manifest);
      const lane = async (): Promise<void> => {
        for (let made = files.shift(); made !== undefined; made = files.shift())
          try {
            await write(made);
          } catch (cause) {
            files.length = 0;
            throw cause;
          }
      };
      // Every lane is at rest before anything may be withdrawn.
      const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
      const failed = ends.find((end) => end.status === "rejected");
      if (failed !== undefined) throw failed.reason;
      const manifests = outputs.filter(({ planned }) => planned.manifest);
      for (const made of manifests.filter(({ planned }) => planned.needs === undefined)) await write(made);
      for (const made of manifests.filter(({ planned }) => planned.needs !== undefined)) await write(made);
      const failedFiles = begun.filter(({ planned }) => parts.hasFailed(planned));
      await withdrawOutputs({ ...ports, retry }, order, failedFiles.map(addressOf));
    },
    withdraw: () => withdrawOutputs({ ...ports, retry }, order, begun.map(addressOf)),
    removeOrphans: () =>
      removeOrphans({ ...ports, retry }, order, new Set(outputs.map(({ planned }) => planned.key))),
  };
};
