import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  buildDatabaseEnvironment,
  type LocalDatabase,
  localTableNames,
} from "../../adapters/local/database.ts";
import type { LocalMediaPrograms } from "../../adapters/local/media-programs.ts";
import {
  archivePrefix,
  type ChannelSettings,
  serializeChannels,
} from "../../pipeline/configuration/channels-schema.ts";
import type { Limits } from "../../pipeline/configuration/configuration.ts";
import { serializeLimits } from "../../pipeline/configuration/route-schema.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { isActive } from "../../pipeline/highlights/active-hours.ts";
import type { AppearanceStore } from "../../pipeline/highlights/appearance-store.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { Notifier } from "../../pipeline/ports/notifier.ts";
import type { DataFolder } from "../data-folder.ts";
import type { DiskWatch } from "../disk-watch.ts";
import { startInterval } from "../interval.ts";
import { localBuckets, topicArns } from "../names.ts";
import { createChannelNotices, describeChannelProblem } from "./channel-notices.ts";
import { runWatcherProcess } from "./watcher-process.ts";

/** Options of `startWatchers`. */
export interface WatchersOptions {
  /** The channels of this machine. */
  readonly channels: readonly ChannelSettings[];
  readonly limits: Limits;
  readonly folder: Pick<DataFolder, "objects" | "scratch" | "watchers">;
  readonly database: Pick<LocalDatabase, "socketPath">;
  readonly programs: Pick<LocalMediaPrograms, "ffmpeg" | "ffprobe">;
  readonly store: Pick<AppearanceStore, "readChannel">;
  readonly notifier: Notifier;
  readonly disk: Pick<DiskWatch, "isFull">;
  readonly clock: Clock;
  readonly log: Logger;
  /** Prints a line on the terminal. */
  readonly notify: (line: string) => void;
}
/** The watchers of one machine. */
export interface Watchers {
  /** Stops them, and waits until their processes have ended. */
  close(): Promise<void>;
}

/** Seconds between two looks at the status of the channels. */
const reportIntervalSeconds = 5;
/** Variables of the process that Node.js and the AWS SDK read: a channel on one machine may use Amazon Rekognition. */
const inheritedVariable = /^(?:AWS_|HOME$|PATH$|TMPDIR$|NODE_EXTRA_CA_CERTS$)/;

const buildEnvironment = (
  channel: ChannelSettings,
  { limits, folder, database, programs }: WatchersOptions,
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && inheritedVariable.test(name) ? [[name, value]] : [],
    ),
  ),
  ...buildDatabaseEnvironment(database.socketPath),
  ...(process.env.AWS_REGION === undefined ? {} : { AWS_REGION: process.env.AWS_REGION }),
  OBJECT_STORE: `file:${folder.objects}`,
  CHANNELS: serializeChannels([channel]),
  CHANNELS_TABLE: localTableNames.channels,
  DETECTIONS_TABLE: localTableNames.detections,
  LABELS_TABLE: localTableNames.labels,
  APPEARANCES_TABLE: localTableNames.appearances,
  JOBS_TABLE: localTableNames.jobs,
  ARCHIVE_BUCKET: localBuckets.output,
  ARCHIVE_PREFIX: archivePrefix,
  OUTPUT_BUCKET: localBuckets.output,
  LIMITS: serializeLimits(limits),
  TOPIC_ARN: topicArns.jobs,
  SCRATCH_DIRECTORY: join(folder.scratch, `channel-${channel.name}`),
  FFMPEG_PATH: programs.ffmpeg,
  FFPROBE_PATH: programs.ffprobe,
});

/**
 * Watches the channels of this machine: a run of the watcher's program each `intervalMinutes`, within the active hours. A
 * run that fails is reported; the next one continues.
 */
export const startWatchers = async (options: WatchersOptions): Promise<Watchers> => {
  const { channels, folder, store, notifier, disk, clock, log, notify } = options;
  const stop = new AbortController();
  const reportProblem = createChannelNotices(notify);
  /** Why the last run of a channel failed. */
  const failures = new Map<string, string | undefined>();
  if (channels.length > 0) await mkdir(folder.watchers, { recursive: true });

  const run = async (channel: ChannelSettings): Promise<void> => {
    if (stop.signal.aborted || disk.isFull() || !isActive(channel.activeHours, clock.now())) return;
    const failure = await runWatcherProcess({
      environment: buildEnvironment(channel, options),
      logPath: join(folder.watchers, `${channel.name}.jsonl`),
      notifier,
      signal: stop.signal,
    }).catch((cause: unknown) => formatError(cause));
    if (stop.signal.aborted) return;
    if (failure !== undefined) log.error("The run of a watcher failed", { channel: channel.name, failure });
    failures.set(channel.name, failure);
  };
  const reportProblems = async (): Promise<void> => {
    for (const { name } of channels) {
      const { status } = await store.readChannel(name);
      reportProblem(name, describeChannelProblem(failures.get(name), status));
    }
  };

  const runs = new Set<Promise<void>>();
  const intervals = channels.map((channel) =>
    startInterval(
      `watcher of channel ${channel.name}`,
      channel.intervalMinutes * 60,
      async () => {
        const current = run(channel);
        runs.add(current);
        await current.finally(() => runs.delete(current));
      },
      log,
    ),
  );
  if (channels.length > 0)
    intervals.push(startInterval("report of channels", reportIntervalSeconds, reportProblems, log));
  for (const interval of intervals) interval.trigger();
  return {
    async close() {
      stop.abort();
      await Promise.allSettled(runs);
      await Promise.all(intervals.map((interval) => interval.close()));
    },
  };
};
