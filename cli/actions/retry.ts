import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";

/** Options of `reelway retry`. */
export interface RetryOptions extends RuntimeLocation {
  readonly force?: true;
}

/** Retries a job and prints its status. */
export const retry = async (id: string, options: RetryOptions): Promise<void> => {
  const job = await (await findRuntime(options)).retry(id, options.force === true);
  process.stdout.write(`${job.source.key}: ${job.status}, attempt ${job.attempt}\n`);
};
