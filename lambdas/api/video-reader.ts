import * as z from "zod";
import { type Caller, canAccess } from "../../pipeline/access/caller.ts";
import type { ListedJob } from "../../pipeline/api/job-document.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { toVideoDocument, type VideoDocument } from "../../pipeline/api/video-document.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import { PlaybackUnavailable } from "../../pipeline/ports/playback-signer.ts";
import type { ResponseRecord } from "../../pipeline/responses/response.ts";
import { parseVideoKeyStem } from "../../pipeline/responses/response-request.ts";
import type { ResponseStore } from "../../pipeline/responses/response-store.ts";
import { findPosterKey, findStoryboardKeys, isVideo, listPlayables } from "../../pipeline/videos/playable.ts";
import { findSupersedingJob } from "../../pipeline/videos/superseded.ts";
import type { ApiJobs, ApiVideos } from "./ports.ts";
import { createSignedUrlCache } from "./signed-url-cache.ts";

/** Tag of the operations of videos. */
export const videoTags = ["Videos"];

/** Path of a video's operations. */
export const videoPathSchema = z.object({
  id: z
    .string()
    .describe("Id of the video. On one machine, a unique prefix of at least four characters is enough."),
});

/** Problems of an operation that finds a video. */
export const videoLookupProblems = ["invalid-request", "video-not-found", "ambiguous-job-id"] as const;

/** Minimum validity of a signed URL, milliseconds. */
const urlValidityMs = 12 * 3_600_000;
/** All URLs of an hour expire at the same time, so that documents and browser caches stay valid. */
const urlExpiryStepMs = 3_600_000;

interface VideoReaderPorts {
  readonly jobs: Pick<ApiJobs, "find">;
  readonly videos: Pick<ApiVideos, "store" | "playbackSigner" | "clock">;
  readonly responses: Pick<ResponseStore, "findByVideoKeyStem">;
}

/** Reads videos for a caller. */
export interface VideoReader {
  /**
   * Finds a video that belongs to a user.
   *
   * @param ownerId undefined: all videos
   * @throws ProblemError
   */
  find(idOrPrefix: string, ownerId: string | undefined): Promise<ListedJob>;
  /**
   * Finds a Complete video that belongs to a user, unless a newer version of the upload has replaced its outputs.
   *
   * @param ownerId undefined: all videos
   * @throws ProblemError
   */
  findWithOutputs(idOrPrefix: string, ownerId: string | undefined): Promise<Job>;
  /** Returns the URL of an output, valid for 12 to 13 hours. @throws PlaybackUnavailable */
  signUrl(key: string): Promise<string>;
  /** Returns the URL of an output; undefined while none can be served. */
  signUrlIfAvailable(key: string): Promise<string | undefined>;
  /** Finds the response whose current video is that of a job. */
  findResponse(job: Job): Promise<ResponseRecord | undefined>;
  buildDocument(caller: Pick<Caller, "ownerId" | "isOperator">, listedJob: ListedJob): Promise<VideoDocument>;
}

/** Creates the reader of videos. */
export const createVideoReader = ({ jobs, videos, responses }: VideoReaderPorts): VideoReader => {
  const { store, playbackSigner, clock } = videos;

  /** Finds the response whose current video is that of a job. */
  const findResponse = async ({ id, source }: Job): Promise<ResponseRecord | undefined> => {
    const stem = parseVideoKeyStem(source.key);
    const response = stem === undefined ? undefined : await responses.findByVideoKeyStem(stem);
    return response?.jobId === id ? response : undefined;
  };
  const signUntil = playbackSigner === undefined ? undefined : createSignedUrlCache(playbackSigner);
  const signUrl = async (key: string): Promise<string> => {
    if (signUntil === undefined) return toObjectUrl("output", key);
    const earliestMs = clock.now().getTime() + urlValidityMs;
    return signUntil(key, new Date(Math.ceil(earliestMs / urlExpiryStepMs) * urlExpiryStepMs));
  };
  /** A list stays usable while no output can be played. */
  const signUrlIfAvailable = (key: string): Promise<string | undefined> =>
    signUrl(key).catch((cause: unknown) => {
      if (cause instanceof PlaybackUnavailable) return undefined;
      throw cause;
    });

  const buildStoryboard = async (job: Job): Promise<VideoDocument["storyboard"]> => {
    const keys = findStoryboardKeys(job);
    if (keys === undefined) return null;
    const [url, spriteUrl] = await Promise.all([
      signUrlIfAvailable(keys.cues),
      signUrlIfAvailable(keys.sprite),
    ]);
    return url === undefined || spriteUrl === undefined ? null : { url, spriteUrl };
  };

  const find: VideoReader["find"] = async (idOrPrefix, ownerId) => {
    const result = await jobs.find(idOrPrefix, ownerId);
    if (result.kind === "ambiguous") throw new ProblemError("ambiguous-job-id", result.message);
    if (result.kind === "job" && isVideo(result.job)) return result;
    throw new ProblemError(
      "video-not-found",
      `Video ${idOrPrefix} does not exist. List the videos with GET /videos.`,
    );
  };

  return {
    find,
    findResponse,
    signUrl,
    signUrlIfAvailable,
    async findWithOutputs(idOrPrefix, ownerId) {
      const { job } = await find(idOrPrefix, ownerId);
      if (job.status !== "Complete")
        throw new ProblemError(
          "job-state-conflict",
          `Video ${job.id} has the status ${job.status}; it has outputs when it is Complete.`,
        );
      const supersedingJob = await findSupersedingJob(store, job);
      if (supersedingJob !== undefined)
        throw new ProblemError(
          "job-state-conflict",
          `Video ${job.id} has no outputs: video ${supersedingJob.id} of a newer version of the upload has replaced them.`,
        );
      return job;
    },
    async buildDocument(caller, listedJob) {
      const { job } = listedJob;
      const isComplete = job.status === "Complete";
      const supersedingJob = isComplete ? await findSupersedingJob(store, job) : undefined;
      const isPlayable = isComplete && supersedingJob === undefined;
      const posterKey = isPlayable ? findPosterKey(job) : undefined;
      const playables = await Promise.all(
        (isPlayable ? listPlayables(job) : []).map(async ({ kind, key, contentType }) => ({
          // A signature for a manifest does not include its files, which need the cookies of the folder.
          url: kind === "file" ? await signUrlIfAvailable(key) : toObjectUrl("output", key),
          contentType,
          kind,
        })),
      );
      const response = await findResponse(job);
      return toVideoDocument(listedJob, {
        response:
          response !== undefined && canAccess(caller, response.ownerId)
            ? { project: response.project, step: response.step, mail: response.mail }
            : null,
        posterUrl: (posterKey === undefined ? undefined : await signUrlIfAvailable(posterKey)) ?? null,
        storyboard: isPlayable ? await buildStoryboard(job) : null,
        playables: playables.flatMap(({ url, ...playable }) =>
          url === undefined ? [] : [{ url, ...playable }],
        ),
        supersededBy: supersedingJob?.id ?? null,
        ownerId: caller.isOperator ? (job.ownerId ?? null) : null,
      });
    },
  };
};
