import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { sweepWindowSeconds } from "../pipeline/jobs/sweep-window.ts";

/**
 * Forgets versions that were replaced a day ago: by then the sweep claims them no more. What an open job is still to
 * work stays.
 *
 * @returns what a tick runs; it answers how many versions were forgotten
 */
export const createPruner =
  (
    ports: Pick<JobPorts, "jobs" | "clock" | "inputBucket" | "outputBucket">,
    objects: Pick<LocalObjectStore, "prune">,
  ): (() => Promise<number>) =>
  async () => {
    const keepVersionIds = new Set<string>();
    for (const status of ["Submitted", "Progressing"] as const)
      for await (const { source } of ports.jobs.listAll(status))
        if (source.versionId !== undefined) keepVersionIds.add(source.versionId);
    const replacedBefore = new Date(ports.clock.now().getTime() - sweepWindowSeconds.maxNoncurrent * 1000);
    const input = await objects.prune(ports.inputBucket, { replacedBefore, keepVersionIds });
    return input + (await objects.prune(ports.outputBucket, { replacedBefore, keepVersionIds }));
  };
