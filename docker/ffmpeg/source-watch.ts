import { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { WorkOrder } from "../../pipeline/jobs/work-order.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import { canBeReplaced, checkUnchanged } from "./source-head.ts";
import type { WorkPorts } from "./work-ports.ts";

export interface SourceWatchOptions {
  readonly objects: Pick<WorkPorts["objects"], "head">;
  readonly order: WorkOrder;
  /** The source when reading began. */
  readonly head: ObjectHead;
  /** Called once, when the source is gone or another. */
  readonly onReplaced: (failure: JobFailure) => void;
  /** Milliseconds between two looks. */
  readonly periodMs?: number;
}

/** What `checkUnchanged` throws of another object: 4002 for one of another size than the job's event told of. */
const replaced: ReadonlySet<number> = new Set([3001, 4002]);

/**
 * Looks at the source while it is encoded, in a bucket without versions: a small one is read in a moment, and what is
 * made of it for an hour after it was replaced would be refused in the end. A store that does not answer is left to
 * those who read of it.
 */
export const startSourceWatch = (options: SourceWatchOptions): { stop(): void } => {
  const { order, head, onReplaced } = options;
  if (!canBeReplaced(order)) return { stop: () => undefined };
  let looking = false;
  let stopped = false;
  const look = async (): Promise<void> => {
    looking = true;
    try {
      await checkUnchanged(options, order, head);
    } catch (cause) {
      if (stopped || !(cause instanceof JobFailure) || !replaced.has(cause.code)) return;
      clearInterval(timer);
      onReplaced(cause);
    } finally {
      looking = false;
    }
  };
  const timer = setInterval(() => {
    if (!looking) void look();
  }, options.periodMs ?? 10_000);
  return {
    stop() {
      stopped = true;
      clearInterval(timer);
    },
  };
};
