import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createDynamoAppearanceStore } from "../../../adapters/aws/appearance-store.ts";
import { createChannelFetcher } from "../../../adapters/aws/channel-fetcher.ts";
import { createDynamoJobStore } from "../../../adapters/aws/job-store.ts";
import { parseChannels } from "../../../pipeline/configuration/channels-schema.ts";
import { parseLimits } from "../../../pipeline/configuration/route-schema.ts";
import type { WatcherEnvironment } from "../../../pipeline/environment/watcher.ts";
import { UserError } from "../../../pipeline/errors/errors.ts";
import { createAppearanceListener } from "../../../pipeline/highlights/appearance-event.ts";
import type { ChannelStatus } from "../../../pipeline/highlights/appearance-store.ts";
import { clipPendingAppearances } from "../../../pipeline/highlights/clip-appearances.ts";
import { clipOutputPrefix, clipSourcePrefix } from "../../../pipeline/highlights/clip-source.ts";
import { createKeyCache } from "../../../pipeline/highlights/key-cache.ts";
import { type WatchOutcome, watchChannel } from "../../../pipeline/highlights/watch-channel.ts";
import type { Clock } from "../../../pipeline/ports/clock.ts";
import type { Logger } from "../../../pipeline/ports/logger.ts";
import type { Metrics } from "../../../pipeline/ports/metrics.ts";
import type { Notifier } from "../../../pipeline/ports/notifier.ts";
import { probeCapabilities } from "../programs/capabilities.ts";
import { findPrograms } from "../programs/find-programs.ts";
import { createDatabaseClient } from "../startup/database-client.ts";
import { openObjectStore } from "../startup/open-object-store.ts";
import { countDetections } from "./count-detections.ts";
import { createFrameReader } from "./frame-reader.ts";
import { openClipper } from "./open-clipper.ts";
import { openDetector } from "./open-detector.ts";
import { createSegmentArchive } from "./segment-archive.ts";

export interface WatcherOptions {
  readonly environment: WatcherEnvironment;
  /** Folders where programs are looked up, separated by colons: PATH. */
  readonly searchPath: string | undefined;
  /** Publishes the starts and ends of appearances. */
  readonly notifier: Notifier;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}
export interface WatchRunOptions {
  /** When the run ends by itself, epoch milliseconds. */
  readonly deadlineMs: number;
  /** Ends the run. */
  readonly signal: AbortSignal;
}
/** The result of one run. */
export interface WatchRun {
  readonly channel: string;
  readonly outcome: WatchOutcome;
  /** As the run has left it. */
  readonly status?: ChannelStatus;
}
/** The watcher of one channel. */
export interface Watcher {
  /** Name of the channel. */
  readonly channel: string;
  /** Watches the channel until the deadline, then requests the clips of appearances that have ended. */
  run(options: WatchRunOptions): Promise<WatchRun>;
}

/**
 * Opens the watcher of the channel in the environment: with Amazon S3 and DynamoDB, or with the object store and the
 * database of one machine, where manifests on loopback are allowed too.
 *
 * @throws UserError if a setting is not valid; JobFailure 9000 if ffmpeg cannot be run
 */
export const openWatcher = async (options: WatcherOptions, startSignal: AbortSignal): Promise<Watcher> => {
  const { environment, metrics, clock, log } = options;
  const { ARCHIVE_BUCKET: bucket, ARCHIVE_PREFIX: archivePrefix, DATABASE_SOCKET_PATH } = environment;
  const [channel] = parseChannels(environment.CHANNELS);
  if (channel === undefined) throw new UserError("CHANNELS has no channel. Deploy the stage again.");
  const limits = parseLimits(environment.LIMITS);
  const programs = findPrograms(environment, options.searchPath);
  const [client, objects, capabilities] = await Promise.all([
    createDatabaseClient(DATABASE_SOCKET_PATH),
    openObjectStore(environment.OBJECT_STORE),
    probeCapabilities(programs.ffmpeg, "frames", startSignal),
  ]);
  const store = createDynamoAppearanceStore(
    client,
    {
      channels: environment.CHANNELS_TABLE,
      detections: environment.DETECTIONS_TABLE,
      labels: environment.LABELS_TABLE,
      appearances: environment.APPEARANCES_TABLE,
    },
    clock,
    () => channel.retentionDays,
  );
  const detector = countDetections(await openDetector(channel, environment.AWS_REGION), metrics);
  // Also what a run has left that was killed. One program at a time uses the directory.
  const scratch = join(environment.SCRATCH_DIRECTORY, "watcher");
  const memoryMiB = environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE;
  const frames = createFrameReader({
    objects,
    bucket,
    programs,
    capabilities,
    scratch,
    limits,
    threads: availableParallelism(),
    memoryBytes: memoryMiB === undefined ? totalmem() : memoryMiB * 2 ** 20,
  });
  const clipper = await openClipper(channel, {
    region: environment.AWS_REGION,
    stage: environment.STAGE ?? "reelway-local",
    allowLoopback: DATABASE_SOCKET_PATH !== undefined,
    worker: {
      ports: {
        jobs: createDynamoJobStore(client, environment.JOBS_TABLE, clock),
        objects,
        outputBucket: environment.OUTPUT_BUCKET,
        configuration: { limits, presets: {} },
        clock,
      },
      archiveBucket: bucket,
      sourcePrefix: clipSourcePrefix,
      outputPrefix: clipOutputPrefix,
    },
  });
  const listener = createAppearanceListener({
    notifier: options.notifier,
    topic: environment.TOPIC_ARN,
    archiveBucket: bucket,
  });
  const watch = async ({ deadlineMs, signal }: WatchRunOptions): Promise<WatchOutcome> => {
    const fetcher = createChannelFetcher({
      manifestUrl: channel.manifestUrl,
      allowedHosts: channel.allowedHosts,
      allowLoopback: DATABASE_SOCKET_PATH !== undefined,
    });
    try {
      const archive = createSegmentArchive({
        fetcher,
        keys: createKeyCache(fetcher),
        objects,
        bucket,
        scratch,
      });
      return await watchChannel(
        { fetcher, archive, frames, detector, store, listener, clock, log },
        channel,
        {
          ownerId: randomUUID(),
          archivePrefix,
          deadlineMs,
          signal,
          wait: async (milliseconds, waitSignal) => {
            await pause(milliseconds, undefined, { signal: waitSignal }).catch(() => undefined);
          },
        },
      );
    } finally {
      fetcher.close();
    }
  };

  return {
    channel: channel.name,
    async run(runOptions) {
      await rm(scratch, { recursive: true, force: true });
      await mkdir(scratch, { recursive: true });
      try {
        const outcome = await watch(runOptions);
        // Another run has the channel, and requests its clips.
        const areClipsRequested = outcome !== "held" && outcome !== "lost";
        const clipProblem = areClipsRequested
          ? await clipPendingAppearances({ store, clipper, clock, log }, channel, runOptions.signal)
          : undefined;
        const { status, clipProblem: clipProblemBefore } = await store.readChannel(channel.name);
        if (areClipsRequested && clipProblem !== clipProblemBefore)
          await store.setClipProblem(channel.name, clipProblem);
        return { channel: channel.name, outcome, ...(status === undefined ? {} : { status }) };
      } finally {
        await detector.close?.();
        await rm(scratch, { recursive: true, force: true });
      }
    },
  };
};
