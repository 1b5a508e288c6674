import { setTimeout as delay } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createReconciler } from "../lambdas/reconciler/reconcile.ts";
import { createSweep } from "../lambdas/sweep/sweep.ts";
import type { ChannelSettings } from "../pipeline/configuration/channels-schema.ts";
import type { JobPorts } from "../pipeline/jobs/ports.ts";
import { type Interval, startInterval } from "./interval.ts";
import { createPruner, removeExpiredCounts } from "./pruning.ts";
import { expireArchive, removeExpiredChannelRecords } from "./watchers/expire-archive.ts";

/** Age after which a multipart upload without any change is removed. */
const abandonedUploadAgeMs = 2 * 86_400_000;

/** What the periodic work of a runtime works on. */
export interface PeriodicWorkOptions {
  readonly ports: JobPorts & Parameters<typeof createPruner>[0];
  readonly objects: Parameters<typeof createPruner>[1] & Parameters<typeof expireArchive>[0];
  readonly databaseClient: DynamoDBClient;
  readonly channels: readonly ChannelSettings[];
  readonly tasks: { resume(): Promise<unknown> };
  readonly transcoder: {
    dispatch(): Promise<unknown>;
    reconcile(): Promise<unknown>;
    /** Calls the listener when a job may be started. */
    onDispatchNeeded(listener: () => void): void;
  };
  readonly multipartUploads: { removeAbandoned(ageMs: number): Promise<unknown> };
  readonly responses: { removeExpired(): Promise<unknown> };
  readonly health: { check(): Promise<unknown> };
  readonly record: { restore(): Promise<unknown> };
}

/** Work of a runtime that is repeated. */
export interface PeriodicWork {
  /** Runs all of it now. */
  trigger(): void;
  close(): Promise<void>;
}

/** Starts what runs on a schedule on AWS, and what AWS does by itself, such as the expiry of records. */
export const startPeriodicWork = (options: PeriodicWorkOptions): PeriodicWork => {
  const { ports, objects, databaseClient, channels, transcoder } = options;
  const { clock, log, outputBucket } = ports;
  const every = (seconds: number, name: string, run: () => Promise<unknown>): Interval =>
    startInterval(name, seconds, run, log);
  const dispatcher = every(1, "dispatcher", transcoder.dispatch);
  const intervals = [
    dispatcher,
    every(1, "reconciler", createReconciler({ ...ports, wait: delay })),
    every(5, "transcoder's reconciler", transcoder.reconcile),
    every(180, "sweep", createSweep(ports)),
    every(1, "resumption of tasks", () => options.tasks.resume()),
    every(3600, "pruning of old versions", createPruner(ports, objects)),
    every(3600, "removal of abandoned uploads", () =>
      options.multipartUploads.removeAbandoned(abandonedUploadAgeMs),
    ),
    every(3600, "removal of expired requests for responses", options.responses.removeExpired),
    // Rarer: it reads the whole table of jobs.
    every(86_400, "removal of expired counts", () => removeExpiredCounts(databaseClient, clock.now())),
    every(3600, "removal of expired records of channels", () =>
      removeExpiredChannelRecords(databaseClient, clock.now()),
    ),
    every(3600, "removal of expired archives of channels", () =>
      expireArchive(objects, outputBucket, channels, clock.now()),
    ),
    every(5, "engine check", options.health.check),
    every(5, "record of the runtime", () => options.record.restore()),
  ];
  transcoder.onDispatchNeeded(() => dispatcher.trigger());
  return {
    trigger() {
      for (const interval of intervals) interval.trigger();
    },
    async close() {
      await Promise.all(intervals.map((interval) => interval.close()));
    },
  };
};
