import { isTerminal } from "../../attempts/job-status.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { TaskRunner } from "../../ports/task-runner.ts";
import type { Transcoder } from "../transcoder-client.ts";
import { buildFailedOutcome } from "./job-outcome.ts";
import type { TranscoderStore } from "./transcoder-store.ts";

interface ForceCancelPorts {
  readonly store: Pick<TranscoderStore, "read" | "closeJob">;
  readonly tasks: Pick<TaskRunner, "stop">;
}

/** Closes the transcoder job of a canceled job as Error in any state and stops its task. */
export const forceCancelJob = async ({ store, tasks }: ForceCancelPorts, id: string): Promise<void> => {
  const job = await store.read(id);
  if (job === undefined || isTerminal(job.status)) return;
  const error = new JobFailure(9000, "The Reelway job of this transcoder job was canceled.").toJobError();
  await store.closeJob(id, job.attempt, buildFailedOutcome(job, error));
  if (job.taskId !== undefined) await tasks.stop(job.taskId, "canceled by an operator");
};

/** Creates the cancellation of transcoder jobs in their table, for callers without a key of the transcoder API. */
export const createTranscoderCanceler = (
  ports: ForceCancelPorts & { readonly store: Pick<TranscoderStore, "cancel"> },
): Pick<Transcoder, "cancelJob"> => ({
  async cancelJob(id) {
    if ((await ports.store.cancel(id)) === undefined) await forceCancelJob(ports, id);
    return true;
  },
});
