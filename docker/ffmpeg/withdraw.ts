import { keysOfParts } from "../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import { placeOf } from "../../pipeline/jobs/output-place.ts";
import { isLaterAttempt, isOfJob, mayPublish } from "../../pipeline/jobs/ownership.ts";
import type { WorkOrder } from "../../pipeline/jobs/work-order.ts";
import { StoreFailure } from "../../pipeline/ports/failure.ts";
import type { ObjectHead, ObjectStore } from "../../pipeline/ports/object-store.ts";
import { type RetryOptions, retryTransient } from "./retry.ts";

export interface WithdrawPorts {
  readonly objects: ObjectStore;
  readonly retry: RetryOptions;
}
/** Where an object of an order may be. */
interface OutputAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Objects of a failed attempt could not be removed: only another attempt can, so this one must not be the last. */
export class OutputsLeft extends Error {
  constructor(failures: readonly unknown[]) {
    super(`${failures.length} output(s) could not be removed: ${failures.map(String).join("; ")}`, {
      cause: failures[0],
    });
    this.name = "OutputsLeft";
  }
}

const isOvertaken = (failure: unknown): boolean =>
  failure instanceof StoreFailure && failure.kind === "precondition";

/**
 * Removes what is under a key while a rule says so of exactly that object: one that replaces it meanwhile is looked at
 * anew. Safe to repeat.
 */
const removeWhile = (
  { objects, retry }: WithdrawPorts,
  { bucket, key }: OutputAddress,
  isUnwanted: (found: ObjectHead) => boolean,
): Promise<void> =>
  retryTransient(async () => {
    for (;;) {
      const found = await objects.head({ bucket, key });
      if (found === undefined || !isUnwanted(found)) return;
      try {
        await objects.remove({ bucket, key }, { etag: found.etag, versionId: found.versionId });
        return;
      } catch (failure) {
        if (!isOvertaken(failure)) throw failure;
      }
    }
  }, retry);

/** @throws OutputsLeft when all have been tried */
const removeEach = async (
  ports: WithdrawPorts,
  addresses: Iterable<OutputAddress> | AsyncIterable<OutputAddress>,
  isUnwanted: (found: ObjectHead) => boolean,
): Promise<void> => {
  const failures: unknown[] = [];
  for await (const address of addresses)
    await removeWhile(ports, address, isUnwanted).catch((failure: unknown) => failures.push(failure));
  if (failures.length > 0) throw new OutputsLeft(failures);
};

/** Made by this attempt, or by an earlier one of the same job. */
const isWithdrawable =
  ({ ownership, attempt }: WorkOrder) =>
  ({ metadata }: ObjectHead): boolean =>
    isOfJob(metadata, ownership) && !isLaterAttempt(metadata, ownership, attempt);

/**
 * Removes what this attempt wrote under some keys, and what an earlier one of its job left there.
 *
 * @throws OutputsLeft
 */
export const withdrawOutputs = (
  ports: WithdrawPorts,
  order: WorkOrder,
  addresses: Iterable<OutputAddress>,
): Promise<void> => removeEach(ports, addresses, isWithdrawable(order));

/** Every key that an order's attempts may have filled, as far as it is there. */
async function* possibleAddresses({ objects }: WithdrawPorts, order: WorkOrder) {
  const { recipe, outputBucket } = order;
  if (recipe.name !== "transcode") {
    for (const key of order.outputKeys)
      if (!key.endsWith("/")) yield { bucket: outputBucket, key };
      else
        for await (const found of objects.list(outputBucket, key))
          yield { bucket: outputBucket, key: found.key };
    return;
  }
  for (const { keys, numbered } of keysOfParts(recipe)) {
    for (const key of keys) yield { bucket: placeOf(order).bucket, key };
    for (const { prefix, matches, beside } of numbered) {
      const { bucket } = placeOf(order, beside);
      for await (const { key } of objects.list(bucket, prefix)) if (matches(key)) yield { bucket, key };
    }
  }
}

/** True where an earlier attempt of the job may have left objects: it was cut off, or could not remove them. */
export const mayHaveLeftovers = ({ attempt, ownership }: WorkOrder): boolean =>
  attempt > 1 || (ownership.kind === "source" && (ownership.jobAttempt ?? 1) > 1);

/**
 * Removes what earlier attempts of the job left.
 *
 * @throws OutputsLeft
 */
export const removeLeftovers = async (ports: WithdrawPorts, order: WorkOrder): Promise<void> => {
  const left = await retryTransient(async () => {
    const addresses: OutputAddress[] = [];
    for await (const address of possibleAddresses(ports, order)) addresses.push(address);
    return addresses;
  }, ports.retry).catch((failure: unknown) => {
    throw new OutputsLeft([failure]);
  });
  await withdrawOutputs(ports, order, left);
};

/**
 * Removes from a folder output what an older version, or a lost attempt, left and this one did not replace.
 *
 * @param kept keys of the folder's own files
 * @throws OutputsLeft
 */
export const removeOrphans = async (
  ports: WithdrawPorts,
  order: WorkOrder,
  kept: ReadonlySet<string>,
): Promise<void> => {
  const bucket = order.outputBucket;
  for (const folder of order.outputKeys.filter((key) => key.endsWith("/"))) {
    const orphans = await retryTransient(async () => {
      const found: OutputAddress[] = [];
      for await (const { key } of ports.objects.list(bucket, folder))
        if (!kept.has(key)) found.push({ bucket, key });
      return found;
    }, ports.retry);
    await removeEach(
      ports,
      orphans,
      ({ metadata }) => mayPublish(metadata, order.ownership, order.attempt) === "write",
    );
  }
};
