import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { countAttribute } from "../adapters/aws/item-store.ts";
import { localTableNames } from "../adapters/local/database.ts";
import { removeExpiredItems } from "../adapters/local/expired-items.ts";
import type { LocalObjectStore } from "../adapters/local/object-store.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { sweepWindowSeconds } from "../pipeline/jobs/sweep-window.ts";
import { jobsTable } from "../pipeline/ports/tables.ts";

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

/**
 * Removes the expired counts of rate limits and of the hourly limit from the table of jobs, which keeps the jobs of one
 * machine forever.
 *
 * @returns number of removed counts
 */
export const removeExpiredCounts = (client: DynamoDBClient, now: Date): Promise<number> =>
  removeExpiredItems(client, localTableNames.jobs, jobsTable, now, countAttribute);
