import type { FinishedJob } from "../../pipeline/jobs/finished-job.ts";

/**
 * A team's own code, which `hooks.onJobFinished` of the configuration names: called for every job that reached a final
 * status, e.g. to update a catalog, to tell the uploader or to collect errors.
 *
 * It is called at least once per job, in any order and concurrently. Make it idempotent by `id` and `attempt`. If it
 * rejects or takes more than 30 seconds, it is called again with the same message, five times in all; then the message
 * moves to the dead-letter queue. Log permanent errors instead of throwing them. A rejection does not affect the job.
 */
export type OnJobFinished = (job: FinishedJob) => Promise<void>;

/** Synth replaces this module by the team's. Without a hook, a stage does not have the function. */
export const onJobFinished: OnJobFinished = async () => undefined;
