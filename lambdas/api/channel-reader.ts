import type { Context } from "hono";
import * as z from "zod";
import {
  type AppearanceDocument,
  type ClipDocument,
  toAppearanceDocument,
} from "../../pipeline/api/appearance-document.ts";
import {
  type ChannelDocument,
  toChannelDocument,
  toUndeployedChannelDocument,
} from "../../pipeline/api/channel-document.ts";
import { toIsoTime } from "../../pipeline/api/iso-time.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import type { ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import { needsClip } from "../../pipeline/highlights/appearance.ts";
import type { StoredAppearance } from "../../pipeline/highlights/appearance-store.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { findPosterKey, listPlayables } from "../../pipeline/videos/playable.ts";
import { getCaller } from "./authentication.ts";
import type { ApiChannels, ApiJobs } from "./ports.ts";
import { createSharedReads } from "./shared-reads.ts";
import type { VideoReader } from "./video-reader.ts";

/** Tag of the operations of channels. */
export const channelTags = ["Channels"];

/** Path of a channel's operations. */
export const channelPathSchema = z.object({ name: z.string().describe("Name of the channel.") });

/** Problems of an operation that finds a channel. */
export const channelLookupProblems = ["invalid-request", "channel-not-found"] as const;

/** Problems of an operation that reads or changes what the watcher stores. */
export const channelRecordProblems = [...channelLookupProblems, "channels-unavailable"] as const;

const notDeployedMessage =
  "The tables of the channels do not exist yet: the stack highlights of this stage is not deployed. Deploy it with npx reelway deploy.";

/** Whether an operation has failed because the stack of the channels is not deployed. */
export const isNotDeployed = (cause: unknown): boolean =>
  cause instanceof StoreFailure && cause.kind === "table-not-found";

/** Converts the failure of an operation before the channels are deployed to its problem. @throws ProblemError */
export const toChannelProblem = <Result>(operation: Promise<Result>): Promise<Result> =>
  operation.catch((cause: unknown) => {
    throw isNotDeployed(cause) ? new ProblemError("channels-unavailable", notDeployedMessage) : cause;
  });

/** Maximum number of entries of a page. */
export const maxPageEntries = 100;

/** Query of a page of a channel's records. */
export const channelPageSchema = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxPageEntries)
    .default(50)
    .describe("Maximum number of entries in the page."),
  cursor: z.string().min(1).optional().describe("Cursor of the previous page."),
});

/** Age up to which a complete clip's job is not read again, milliseconds: only a deletion changes it. */
const completeJobTtlMs = 60_000;
/** Jobs that are remembered; more are read again. */
const maxCompleteJobs = 1000;

/** Age up to which the start of the archive is not read again, milliseconds: it moves with the retention. */
const archiveTtlMs = 60_000;

interface ChannelReaderPorts {
  readonly channels: ApiChannels;
  readonly jobs: Pick<ApiJobs, "find">;
  readonly videos: Pick<VideoReader, "signUrlIfAvailable">;
}

type FoundJob = Awaited<ReturnType<ApiJobs["find"]>>;

/** Reads watched channels for a caller. */
export interface ChannelReader {
  /** The channels that exist for the caller. They belong to nobody, so only an operator has any. */
  list(context: Context): readonly ChannelSettings[];
  /** @throws ProblemError `channel-not-found` */
  find(context: Context): ChannelSettings;
  /** Reads a channel. Concurrent callers share one read. */
  read(channel: ChannelSettings): Promise<ChannelDocument>;
  /** Reads a channel again, once the value that is read now is old. Undefined if the signal is aborted. */
  waitForNext(channel: ChannelSettings, signal: AbortSignal): Promise<ChannelDocument | undefined>;
  /** Makes later reads see all changes made before this call. */
  invalidate(): void;
  buildAppearance(appearance: StoredAppearance): Promise<AppearanceDocument>;
  /** Returns the URL of a frame; null without one. */
  signImage(key: string | undefined): Promise<string | null>;
}

/** Creates the reader of channels. */
export const createChannelReader = ({ channels, jobs, videos }: ChannelReaderPorts): ChannelReader => {
  const { settings, store, clock } = channels;
  /** By channel. */
  const archiveStarts = new Map<string, { readonly time: number; readonly readMs: number }>();

  /** Epoch seconds of the start of the oldest archived segment; undefined without one. */
  const readArchiveStart = async (name: string): Promise<number | undefined> => {
    const cached = archiveStarts.get(name);
    if (cached !== undefined && performance.now() - cached.readMs < archiveTtlMs) return cached.time;
    const time = await store.readArchiveStart(name);
    if (time !== undefined) archiveStarts.set(name, { time, readMs: performance.now() });
    return time;
  };

  const signImage: ChannelReader["signImage"] = async (key) =>
    key === undefined ? null : ((await videos.signUrlIfAvailable(key)) ?? null);

  /** Pages list the clips again with each poll. */
  const completeJobs = new Map<string, { readonly found: FoundJob; readonly readMs: number }>();
  const findJob = async (jobId: string): Promise<FoundJob> => {
    const cached = completeJobs.get(jobId);
    if (cached !== undefined && performance.now() - cached.readMs < completeJobTtlMs) return cached.found;
    const found = await jobs.find(jobId);
    completeJobs.delete(jobId);
    if (completeJobs.size >= maxCompleteJobs) completeJobs.clear();
    if (found.kind === "job" && found.job.status === "Complete")
      completeJobs.set(jobId, { found, readMs: performance.now() });
    return found;
  };

  const buildJobClip = async (jobId: string): Promise<ClipDocument> => {
    const found = await findJob(jobId);
    if (found.kind !== "job")
      return {
        status: "refused",
        jobId: null,
        message: "The clip does not exist any more.",
        retryAt: null,
        posterUrl: null,
        playables: [],
      };
    const { job } = found;
    const isComplete = job.status === "Complete";
    const playables = await Promise.all(
      (isComplete ? listPlayables(job) : []).map(async ({ key, kind, contentType }) => {
        const url = await videos.signUrlIfAvailable(key);
        return url === undefined ? [] : [{ url, contentType, kind }];
      }),
    );
    return {
      status: job.status,
      jobId,
      message: job.error?.message ?? null,
      retryAt: null,
      posterUrl: await signImage(isComplete ? findPosterKey(job) : undefined),
      playables: playables.flat(),
    };
  };

  const buildClip = async (appearance: StoredAppearance): Promise<ClipDocument | null> => {
    const { clipJobId, clip, clipRetry } = appearance;
    if (clipJobId !== undefined) return buildJobClip(clipJobId);
    const base = { jobId: null, posterUrl: null, playables: [] };
    if (clip !== undefined) {
      const message = clip.kind === "refused" ? clip.reason : null;
      return { ...base, status: clip.kind, message, retryAt: null };
    }
    if (clipRetry === undefined || !needsClip(appearance)) return null;
    const { reason, notBefore } = clipRetry;
    return { ...base, status: "retrying", message: reason, retryAt: toIsoTime(notBefore) };
  };

  const buildAppearance: ChannelReader["buildAppearance"] = async (appearance) => {
    const [imageUrl, clip] = await Promise.all([signImage(appearance.imageKey), buildClip(appearance)]);
    return toAppearanceDocument(appearance, { imageUrl, clip });
  };

  const reads = createSharedReads(async (name: string): Promise<ChannelDocument> => {
    const channel = settings.find((one) => one.name === name);
    if (channel === undefined) throw new RangeError(`Channel ${name} is not configured.`);
    const now = clock.now();
    try {
      const [record, usage, open, archivedFrom] = await Promise.all([
        store.readChannel(name),
        store.readUsage(name, now.getTime() / 1000),
        store.listOpenAppearances(name),
        readArchiveStart(name),
      ]);
      const current = await Promise.all(open.map(buildAppearance));
      return toChannelDocument(channel, { record, usage, archivedFrom, current }, now);
    } catch (cause) {
      if (!isNotDeployed(cause)) throw cause;
      return toUndeployedChannelDocument(channel, notDeployedMessage, now);
    }
  });

  const list: ChannelReader["list"] = (context) => (getCaller(context).isOperator ? settings : []);
  return {
    list,
    find(context) {
      const name = context.req.param("name");
      const channel = list(context).find((one) => one.name === name);
      if (channel !== undefined) return channel;
      throw new ProblemError(
        "channel-not-found",
        `Channel ${name} does not exist. List the channels with npx reelway channels list or GET /channels.`,
      );
    },
    read: ({ name }) => reads.find(name).get(),
    waitForNext: ({ name }, signal) => reads.find(name).waitForNext(signal),
    invalidate: reads.invalidate,
    buildAppearance,
    signImage,
  };
};
