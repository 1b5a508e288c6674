import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import { canBeReplaced, checkUnchanged } from "./source-head.ts";
import type { WorkPorts } from "./work-ports.ts";

export interface SourceWatchOptions {
  readonly objects: Pick<WorkPorts["objects"], "head">;
  readonly specification: AttemptSpecification;
  /** The source when reading began. */
  readonly head: ObjectHead;
  /** Called once, when the source is gone or another. */
  readonly onReplaced: (failure: JobFailure) => void;
  /** Milliseconds between two looks. */
  readonly periodMs?: number;
}

/** What `checkUnchanged` throws of another object: 4002 for one of another size than the job's event told of. */
const replacedErrorCodes: ReadonlySet<number> = new Set([3001, 4002]);

/**
 * Looks at the source while it is encoded, in a bucket without versions: a small one is read in a moment, and what is
 * made of it for an hour after it was replaced would be refused in the end. A store that does not answer is left to
 * those who read of it.
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
