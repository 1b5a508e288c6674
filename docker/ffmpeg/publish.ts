import { JobFailure } from "../../pipeline/job/error.ts";
import type { JobOutput } from "../../pipeline/job/job.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { PlannedOutput } from "../../pipeline/recipes/plan.ts";
import type { WorkOrder } from "../../pipeline/work/order.ts";
import { mayPublish, outputMetadata, ownershipMetadata } from "../../pipeline/work/ownership.ts";
import { withStore } from "./failure.ts";

/** A finished file with what was found in it. */
export interface CheckedOutput {
  readonly planned: PlannedOutput;
  readonly output: JobOutput;
}
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

const taken = (order: WorkOrder, key: string, { metadata }: ObjectHead): JobFailure => {
  const job = metadata[ownershipMetadata.job];
  const route = metadata[ownershipMetadata.route];
  const owner =
    job === undefined
      ? "is an object that no job of Reelway made"
      : `belongs to job ${job}${route === undefined ? "" : ` of route ${route}`}, made from another source`;
  return new JobFailure(
    3002,
    `Output ${key} of ${order.outputBucket} exists and ${owner}. Remove it, or upload the source under another name.`,
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
): Promise<ObjectHead | undefined> => {
  const existing = await withStore("output", `Looking at output ${key}`, () =>
    objects.head({ bucket: order.outputBucket, key }),
  );
  if (existing === undefined) return undefined;
  const decision = mayPublish(existing.metadata, order.ownership);
  if (decision === "taken") throw taken(order, key, existing);
  if (decision === "superseded") throw superseded(order, key);
  return existing;
};

/** Refuses, before anything is spent, where a planned key belongs to another (3002). */
export const checkKeys = async (ports: PublishPorts, order: WorkOrder): Promise<void> => {
  for (const key of order.outputKeys) if (!key.endsWith("/")) await replaceable(ports, order, key);
};

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
  const { key, path, contentType } = made.planned;
  for (;;) {
    const existing = await replaceable(ports, order, key);
    try {
      return await withStore("output", `Writing output ${key}`, () =>
        ports.objects.write(
          { bucket: order.outputBucket, key },
          { file: path },
          {
            contentType,
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

/** Removes what this attempt wrote, unless another has replaced it since. */
const withdraw = async ({ objects }: PublishPorts, order: WorkOrder, written: readonly ObjectHead[]) => {
  for (const { bucket, key, etag } of written) {
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
 * and one by one, so that a player never finds a manifest before what it names.
 *
 * @param signal gives up between two writes
 */
export const createPublication = (
  ports: PublishPorts,
  order: WorkOrder,
  outputs: readonly CheckedOutput[],
  signal: AbortSignal,
): Publication => {
  const written: ObjectHead[] = [];
  return {
    async publish(onWritten) {
      const write = async (made: CheckedOutput): Promise<void> => {
        signal.throwIfAborted();
        written.push(await publishOne(ports, order, made));
        onWritten(written.length);
      };
      for (const { planned } of outputs) {
        signal.throwIfAborted();
        await replaceable(ports, order, planned.key);
      }
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
      for (const made of outputs.filter(({ planned }) => planned.manifest)) await write(made);
    },
    withdraw: () => withdraw(ports, order, written),
    removeOrphans: () => removeOrphans(ports, order, new Set(outputs.map(({ planned }) => planned.key))),
  };
};
