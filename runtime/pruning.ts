import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { sweepWindowSeconds } from "../pipeline/jobs/sweep-window.ts";

/**
 * Creates a function that deletes object versions replaced more than a day ago, which the sweep no longer claims.
 * Sources of open jobs are kept.
 *
 * @returns function that returns the number of deleted versions
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
