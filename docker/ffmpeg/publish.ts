import { JobFailure } from "../../pipeline/job/error.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { keysOfParts, type PartKeys } from "../../pipeline/transcoder/output-keys.ts";
import type { WorkOrder } from "../../pipeline/work/order.ts";
import { type OutputPlace, placeOf } from "../../pipeline/work/output-place.ts";
import { mayPublish, outputMetadata, ownershipMetadata } from "../../pipeline/work/ownership.ts";
import { withStore } from "./failure.ts";
import type { CheckedOutput, Parts } from "./parts.ts";

export interface PublishPorts {
  readonly objects: ObjectStore;
}
export interface Publication {
  publish(onWritten: (count: number) => void): Promise<void>;
  /** Takes everything back that was written. */
  withdraw(): Promise<void>;
  /** Clears a folder output of what no longer belongs to it. */
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

/** What is under a key, if it may be replaced; rejects with 3002 where it may not. */
const replaceable = async (
  { objects }: PublishPorts,
  order: WorkOrder,
  key: string,
  { bucket }: OutputPlace,
): Promise<ObjectHead | undefined> => {
  const existing = await withStore("output", `Looking at output ${key}`, () => objects.head({ bucket, key }));
  if (existing === undefined) return undefined;
  const decision = mayPublish(existing.metadata, order.ownership);
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

/** Head, decide, write under the condition that it is still so; where it is not, look again. */
const publishOne = async (
  ports: PublishPorts,
  order: WorkOrder,
  made: CheckedOutput,
): Promise<ObjectHead> => {
  const { key, path, contentType, beside } = made.planned;
  const place = placeOf(order, beside);
  const { bucket, storageClass, grants } = place;
  for (;;) {
    const existing = await replaceable(ports, order, key, place);
    try {
      return await withStore("output", `Writing output ${key}`, () =>
        ports.objects.write(
          { bucket, key },
          { file: path },
          {
            contentType,
            storageClass,
            grants,
            metadata: outputMetadata(order.ownership, order.attempt),
            condition: existing === undefined ? { absent: true } : { etag: existing.etag },
          },
        ),
      );
    } catch (failure) {
      if (!lostRace(failure)) throw failure;
    }
  }
};

/** A file that has got its key. */
interface Written {
  readonly made: CheckedOutput;
  readonly head: ObjectHead;
}

/** Removes what this attempt wrote, unless another has replaced it since. */
const withdraw = async ({ objects }: PublishPorts, order: WorkOrder, written: readonly Written[]) => {
  for (const { head } of written) {
    const { bucket, key, etag } = head;
    const now = await objects.head({ bucket, key });
    const ours =
      now?.etag === etag &&
      now.metadata[ownershipMetadata.job] === order.ownership.job &&
      now.metadata[ownershipMetadata.attempt] === String(order.attempt);
    if (ours) await objects.remove({ bucket, key });
  }
};

/** Removes from a folder output what an older version, or a lost attempt, left and this one did not replace. */
const removeOrphans = async ({ objects }: PublishPorts, order: WorkOrder, kept: ReadonlySet<string>) => {
  for (const folder of order.outputKeys.filter((key) => key.endsWith("/")))
    for await (const { key } of objects.list(order.outputBucket, folder)) {
      if (kept.has(key)) continue;
      const orphan = await objects.head({ bucket: order.outputBucket, key });
      if (orphan !== undefined && mayPublish(orphan.metadata, order.ownership) === "write")
        await objects.remove({ bucket: order.outputBucket, key });
    }
};

/**
 * The publication of an attempt's outputs: all keys are looked at first, files are written next, manifests last
 * and one by one, so that a player never finds a manifest before what it names. A part with a file whose key is
 * another's fails by itself: what it had written is taken back.
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
  const written: Written[] = [];
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
      const write = (made: CheckedOutput): Promise<void> =>
        unlessTaken(made, async () => {
          written.push({ made, head: await publishOne(ports, order, made) });
          onWritten(written.length);
        });
      for (const made of outputs)
        await unlessTaken(made, async () => {
          await replaceable(ports, order, made.planned.key, placeOf(order, made.planned.beside));
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
      const lost = written.filter(({ made }) => parts.hasFailed(made.planned));
      await withdraw(ports, order, lost);
    },
    withdraw: () => withdraw(ports, order, written),
    removeOrphans: () => removeOrphans(ports, order, new Set(outputs.map(({ planned }) => planned.key))),
  };
};
