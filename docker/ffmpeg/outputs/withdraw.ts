import { listOutputGroupKeys } from "../../../pipeline/elastic-transcoder/transcode/output-keys.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import { getDestination } from "../../../pipeline/jobs/output-destination.ts";
import { decidePublish, isFromJob, isFromLaterAttempt } from "../../../pipeline/jobs/ownership.ts";
import type { ObjectHead, ObjectStore } from "../../../pipeline/ports/object-store.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { type RetryOptions, retryTransient } from "../failures/retry.ts";

export interface WithdrawPorts {
  readonly objects: ObjectStore;
  readonly retry: RetryOptions;
}
/** Location of an output. */
interface OutputAddress {
  readonly bucket: string;
  readonly key: string;
}

/** Objects of a failed attempt could not be deleted. Another attempt must follow to delete them. */
export class OutputCleanupError extends Error {
  constructor(failures: readonly unknown[]) {
    super(`${failures.length} output(s) could not be deleted: ${failures.map(String).join("; ")}`, {
      cause: failures[0],
    });
    this.name = "OutputCleanupError";
  }
}

const isPreconditionFailure = (failure: unknown): boolean =>
  failure instanceof StoreFailure && failure.kind === "precondition";

/**
 * Deletes the object of a key if it matches a predicate. If it is replaced in the meantime, the new object is checked.
 * Safe to repeat.
 */
const removeIf = (
  { objects, retry }: WithdrawPorts,
  { bucket, key }: OutputAddress,
  isUnwanted: (head: ObjectHead) => boolean,
): Promise<void> =>
  retryTransient(async () => {
    const head = await objects.head({ bucket, key });
    if (head === undefined || !isUnwanted(head)) return;
    await objects
      .remove({ bucket, key }, { etag: head.etag, versionId: head.versionId })
      .catch((failure: unknown) => {
        if (!isPreconditionFailure(failure)) throw failure;
        throw new StoreFailure(
          "transient",
          `Object ${key} of ${bucket} could not be removed: another program keeps replacing it`,
          failure,
        );
      });
  }, retry);

/** Deletes all objects that match a predicate. @throws OutputCleanupError after all have been tried */
const removeAll = async (
  ports: WithdrawPorts,
  addresses: Iterable<OutputAddress> | AsyncIterable<OutputAddress>,
  isUnwanted: (head: ObjectHead) => boolean,
): Promise<void> => {
  const failures: unknown[] = [];
  for await (const address of addresses)
    await removeIf(ports, address, isUnwanted).catch((failure: unknown) => failures.push(failure));
  if (failures.length > 0) throw new OutputCleanupError(failures);
};

/** True if an object was created by this attempt or an earlier one of the same job. */
const isWithdrawable =
  ({ ownership, attempt }: AttemptSpecification) =>
  ({ metadata }: ObjectHead): boolean =>
    isFromJob(metadata, ownership) && !isFromLaterAttempt(metadata, ownership, attempt);

/**
 * Deletes the objects of some keys that this attempt or an earlier one of its job created.
 *
 * @throws OutputCleanupError
 */
export const withdrawOutputs = (
  ports: WithdrawPorts,
  specification: AttemptSpecification,
  addresses: Iterable<OutputAddress>,
): Promise<void> => removeAll(ports, addresses, isWithdrawable(specification));

/** Lists the keys that the attempts of a job may have written. */
async function* listPossibleAddresses({ objects }: WithdrawPorts, specification: AttemptSpecification) {
  const { recipe, outputBucket } = specification;
  if (recipe.name !== "transcode") {
    for (const key of specification.outputKeys)
      if (!key.endsWith("/")) yield { bucket: outputBucket, key };
      else
        for await (const found of objects.list(outputBucket, key))
          yield { bucket: outputBucket, key: found.key };
    return;
  }
  for (const { keys, numberedKeyPatterns } of listOutputGroupKeys(recipe)) {
    for (const key of keys) yield { bucket: getDestination(specification).bucket, key };
    for (const { prefix, isMatch, isThumbnail } of numberedKeyPatterns) {
      const { bucket } = getDestination(specification, isThumbnail);
      for await (const { key } of objects.list(bucket, prefix)) if (isMatch(key)) yield { bucket, key };
    }
  }
}

/** True if an earlier attempt of the job may have left objects, because it was interrupted or could not delete them. */
export const canHaveLeftovers = ({ attempt, ownership }: AttemptSpecification): boolean =>
  attempt > 1 || (ownership.kind === "source" && (ownership.jobAttempt ?? 1) > 1);

/**
 * Deletes objects that earlier attempts of the job left.
 *
 * @throws OutputCleanupError
 */
export const removeLeftovers = async (
  ports: WithdrawPorts,
  specification: AttemptSpecification,
): Promise<void> => {
  const leftovers = await retryTransient(async () => {
    const addresses: OutputAddress[] = [];
    for await (const address of listPossibleAddresses(ports, specification)) addresses.push(address);
    return addresses;
  }, ports.retry).catch((failure: unknown) => {
    throw new OutputCleanupError([failure]);
  });
  await withdrawOutputs(ports, specification, leftovers);
};

/**
 * Deletes objects in an output folder that an older version or a lost attempt left and this attempt did not replace.
 *
 * @param keptKeys keys of the output's own files
 * @throws OutputCleanupError
 */
export const removeOrphans = async (
  ports: WithdrawPorts,
  specification: AttemptSpecification,
  keptKeys: ReadonlySet<string>,
): Promise<void> => {
  const bucket = specification.outputBucket;
  for (const folder of specification.outputKeys.filter((key) => key.endsWith("/"))) {
    const orphans = await retryTransient(async () => {
      const unknownOutputs: OutputAddress[] = [];
      for await (const { key } of ports.objects.list(bucket, folder))
        if (!keptKeys.has(key)) unknownOutputs.push({ bucket, key });
      return unknownOutputs;
    }, ports.retry);
    await removeAll(
      ports,
      orphans,
      ({ metadata }) => decidePublish(metadata, specification.ownership, specification.attempt) === "write",
    );
  }
};
