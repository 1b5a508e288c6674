import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../../pipeline/ports/object-store.ts";
import type { WorkPorts } from "../attempt/work-ports.ts";
import { canBeReplaced, checkUnchanged } from "./source-head.ts";

export interface SourceWatchOptions {
  readonly objects: Pick<WorkPorts["objects"], "head">;
  readonly specification: AttemptSpecification;
  /** The source when reading started. */
  readonly head: ObjectHead;
  /** Called once, if the source was deleted or replaced. */
  readonly onReplaced: (failure: JobFailure) => void;
  /** Milliseconds between checks. */
  readonly periodMs?: number;
}

/** Codes that `checkUnchanged` throws for a replaced object; 4002 if its size differs from the upload event. */
const replacedErrorCodes: ReadonlySet<number> = new Set([3001, 4002]);

/**
 * Checks during encoding whether the source was replaced, in a bucket without versions. A small source is read in a
 * moment, and an hour of encoding after its replacement would be wasted. Failures of the object store are ignored here
 * and detected by its readers.
 */
export const startSourceWatch = (options: SourceWatchOptions): { stop(): void } => {
  const { specification, head, onReplaced } = options;
  if (!canBeReplaced(specification)) return { stop: () => undefined };
  let isChecking = false;
  let isStopped = false;
  const checkSource = async (): Promise<void> => {
    isChecking = true;
    try {
      await checkUnchanged(options, specification, head);
    } catch (cause) {
      if (isStopped || !(cause instanceof JobFailure) || !replacedErrorCodes.has(cause.code)) return;
      clearInterval(timer);
      onReplaced(cause);
    } finally {
      isChecking = false;
    }
  };
  const timer = setInterval(() => {
    if (!isChecking) void checkSource();
  }, options.periodMs ?? 10_000);
  return {
    stop() {
      isStopped = true;
      clearInterval(timer);
    },
  };
};
