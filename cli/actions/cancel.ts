import { findRuntime, type RuntimeLocation } from "../../runtime/client.ts";

/** Cancels a job and prints its status. */
export const cancel = async (id: string, options: RuntimeLocation): Promise<void> => {
  const job = await (await findRuntime(options)).cancel(id);
  process.stdout.write(`${job.source.key}: ${job.status}\n`);
};
