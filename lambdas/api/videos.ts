import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { canAccess, getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import type { TextSigner } from "../../pipeline/access/text-signer.ts";
import type { ListedJob } from "../../pipeline/api/job-document.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import {
  toVideoDocument,
  type VideoDocument,
  type VideoList,
  videoDocumentSchema,
  videoListSchema,
} from "../../pipeline/api/video-document.ts";
import { jobStatuses } from "../../pipeline/attempts/job-status.ts";
import type { Job } from "../../pipeline/jobs/job.ts";
import type { JobQuery } from "../../pipeline/jobs/list-jobs.ts";
import { OperationRefused } from "../../pipeline/jobs/operator.ts";
import { toObjectUrl } from "../../pipeline/ports/object-url.ts";
import { PlaybackUnavailable } from "../../pipeline/ports/playback-signer.ts";
import type { ResponseRecord } from "../../pipeline/responses/response.ts";
import {
  isMail,
  normalizeMail,
  parseVideoKeyStem,
  projectPattern,
  stepPattern,
} from "../../pipeline/responses/response-request.ts";
import type { ResponseFilter, ResponseStore } from "../../pipeline/responses/response-store.ts";
import {
  createConfirmation,
  readConfirmation,
  signConfirmation,
} from "../../pipeline/videos/confirmation.ts";
import {
  type DeletionPlan,
  type DeletionPorts,
  deleteVideo,
  planDeletion,
} from "../../pipeline/videos/deletion.ts";
import { findPosterKey, isVideo, listPlayables, videoRecipes } from "../../pipeline/videos/playable.ts";
import { findSupersedingJob } from "../../pipeline/videos/superseded.ts";
import { getCaller } from "./authentication.ts";
import { respondWithDocument, serializeDocument } from "./etag.ts";
import { fromApiCursor, toApiCursor } from "./job-list.ts";
import type { ApiJobs, ApiVideos, ListedJobPage } from "./ports.ts";
import { describeProblems } from "./problems.ts";

const tags = ["Videos"];
const maxListedVideos = 100;
const defaultLimit = 50;

/** Minimum validity of a signed URL, milliseconds. */
const urlValidityMs = 12 * 3_600_000;
/** All URLs of an hour expire at the same time, so that documents and browser caches stay valid. */
const urlExpiryStepMs = 3_600_000;

const pathSchema = z.object({
  id: z
    .string()
    .describe("Id of the video. On one machine, a unique prefix of at least four characters is enough."),
});
const headersSchema = z.object({
  "if-none-match": z
    .string()
    .optional()
    .describe(
      "ETag of an earlier response. If the document is unchanged, the response is 304 without a body.",
    ),
});
const noQuerySchema = z.strictObject({});
const listQuerySchema = z.strictObject({
  status: z.enum(jobStatuses).optional().describe("Only videos with this status."),
  q: z.string().min(1).max(1024).optional().describe("Part of the key, ignoring case."),
  mail: z
    .string()
    .refine(isMail, "must be an e-mail address")
    .transform(normalizeMail)
    .optional()
    .describe("Only videos that this person sent as a response."),
  project: z
    .string()
    .regex(projectPattern)
    .optional()
    .describe("Only videos that are responses to this project."),
  step: z
    .string()
    .regex(stepPattern)
    .optional()
    .describe("Only videos that are responses to this step; with `project` or `mail`."),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxListedVideos)
    .default(defaultLimit)
    .describe("Maximum number of videos in the page."),
  cursor: z.string().min(1).optional().describe("Cursor of the previous page."),
});
const deleteQuerySchema = z.strictObject({
  confirmation: z
    .string()
    .min(1)
    .max(2048)
    .optional()
    .describe("Token of the problem `confirmation-required`, valid for 15 minutes."),
});

const etagHeader = {
  ETag: { description: "Changes whenever the document does.", schema: { type: "string" as const } },
};
const documentResponses = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  200: { description, headers: etagHeader, content: { "application/json": { schema } } },
  304: { description: "The document is unchanged since `If-None-Match`.", headers: etagHeader },
});
const lookupProblems = ["invalid-request", "video-not-found", "ambiguous-job-id"] as const;

const routes = {
  list: createRoute({
    method: "get",
    path: "/videos",
    operationId: "listVideos",
    summary: "List videos",
    description:
      "Lists the videos that belong to the caller, or all videos for an operator, newest first. A video is a job that makes something that a player can open.",
    tags,
    request: { query: listQuerySchema, headers: headersSchema },
    responses: {
      ...documentResponses(videoListSchema, "A page of the videos."),
      ...describeProblems("invalid-request"),
    },
  }),
  read: createRoute({
    method: "get",
    path: "/videos/{id}",
    operationId: "getVideo",
    summary: "Get a video",
    description: "Returns a video.",
    tags,
    request: { params: pathSchema, query: noQuerySchema, headers: headersSchema },
    responses: {
      ...documentResponses(videoDocumentSchema, "The video."),
      ...describeProblems(...lookupProblems),
    },
  }),
  remove: createRoute({
    method: "delete",
    path: "/videos/{id}",
    operationId: "deleteVideo",
    summary: "Delete a video",
    description:
      "Deletes a video for ever: its outputs, its upload and its record. The video of the current version of an upload goes with all older versions of the upload and everything made from them. The first request responds with the problem `confirmation-required`, which says what will be removed; repeat it with the token of the problem. A request that was interrupted can be repeated with the same token.",
    tags,
    request: { params: pathSchema, query: deleteQuerySchema },
    responses: {
      204: { description: "The video is deleted." },
      ...describeProblems(...lookupProblems, "confirmation-required", "job-state-conflict"),
    },
  }),
};

const measure = (objects: readonly { readonly bytes: number }[]) => ({
  count: objects.length,
  bytes: objects.reduce((sum, { bytes }) => sum + bytes, 0),
});

/** @throws ProblemError for a step without a project, which no index finds */
const toResponseFilter = ({
  project,
  step,
  mail,
}: {
  readonly project?: string;
  readonly step?: string;
  readonly mail?: string;
}): ResponseFilter => {
  if (mail !== undefined) return { mail };
  if (project !== undefined) return { project, ...(step === undefined ? {} : { step }) };
  const detail = "Name the project of the step too.";
  throw new ProblemError("invalid-request", `step: ${detail}`, {
    errors: [{ parameter: "step", in: "query", detail }],
  });
};

interface VideoOperationOptions {
  readonly jobs: ApiJobs;
  readonly videos: ApiVideos;
  readonly responses: ResponseStore;
  readonly confirmationSigner: TextSigner;
  /** Called when a video is deleted. */
  readonly onDeleted: () => void;
}

/** Adds the operations of videos to the API. */
export const addVideoOperations = (
  app: OpenAPIHono,
  { jobs, videos, responses, confirmationSigner, onDeleted }: VideoOperationOptions,
): void => {
  const { store, objects, playbackSigner, clock } = videos;

  /** Finds the response whose current video is that of a job. */
  const findResponse = async ({ id, source }: Job): Promise<ResponseRecord | undefined> => {
    const stem = parseVideoKeyStem(source.key);
    const response = stem === undefined ? undefined : await responses.findByVideoKeyStem(stem);
    return response?.jobId === id ? response : undefined;
  };
  const deletionPorts: DeletionPorts = {
    jobs: store,
    objects,
    cancelJob: jobs.cancel,
    async removeReferences(job) {
      const response = await findResponse(job);
      if (response !== undefined) await responses.remove(response);
    },
  };

  const signUrl = async (key: string): Promise<string | undefined> => {
    if (playbackSigner === undefined) return toObjectUrl("output", key);
    const earliestMs = clock.now().getTime() + urlValidityMs;
    const expiresAt = new Date(Math.ceil(earliestMs / urlExpiryStepMs) * urlExpiryStepMs);
    try {
      return await playbackSigner.signUrl(key, expiresAt);
    } catch (cause) {
      // The list stays usable while no output can be played.
      if (cause instanceof PlaybackUnavailable) return undefined;
      throw cause;
    }
  };

  const buildDocument = async (context: Context, listedJob: ListedJob): Promise<VideoDocument> => {
    const { job } = listedJob;
    const isComplete = job.status === "Complete";
    const supersedingJob = isComplete ? await findSupersedingJob(store, job) : undefined;
    const isPlayable = isComplete && supersedingJob === undefined;
    const posterKey = isPlayable ? findPosterKey(job) : undefined;
    const playables = await Promise.all(
      (isPlayable ? listPlayables(job) : []).map(async ({ kind, key, contentType }) => ({
        // A signature for a manifest does not include its files, which need the cookies of the folder.
        url: kind === "file" ? await signUrl(key) : toObjectUrl("output", key),
        contentType,
        kind,
      })),
    );
    const response = await findResponse(job);
    return toVideoDocument(listedJob, {
      response:
        response !== undefined && canAccess(getCaller(context), response.ownerId)
          ? { project: response.project, step: response.step, mail: response.mail }
          : null,
      posterUrl: (posterKey === undefined ? undefined : await signUrl(posterKey)) ?? null,
      playables: playables.flatMap(({ url, ...playable }) =>
        url === undefined ? [] : [{ url, ...playable }],
      ),
      supersededBy: supersedingJob?.id ?? null,
      ownerId: getCaller(context).isOperator ? (job.ownerId ?? null) : null,
    });
  };

  /** Finds a video that belongs to the caller. @throws ProblemError */
  const findVideo = async (context: Context, idOrPrefix: string): Promise<ListedJob> => {
    const result = await jobs.find(idOrPrefix, getVisibleOwnerId(getCaller(context)));
    if (result.kind === "ambiguous") throw new ProblemError("ambiguous-job-id", result.message);
    if (result.kind === "job" && isVideo(result.job)) return result;
    throw new ProblemError(
      "video-not-found",
      `Video ${idOrPrefix} does not exist. List the videos with GET /videos.`,
    );
  };

  const createConfirmationProblem = async (
    context: Context,
    { scope, jobs: removedJobs, sources, outputs }: DeletionPlan,
    videoId: string,
    isRepeated: boolean,
  ): Promise<ProblemError> => {
    const ownerId = getVisibleOwnerId(getCaller(context));
    const confirmation = createConfirmation(videoId, scope, ownerId, clock.now());
    const reason = isRepeated
      ? "The confirmation is not valid for this deletion, or has expired."
      : "A deletion cannot be undone.";
    return new ProblemError(
      "confirmation-required",
      `${reason} Repeat the request with the query parameter confirmation and the token of this response.`,
      {
        confirmation: {
          token: await signConfirmation(confirmationSigner, confirmation),
          expiresAt: new Date(confirmation.expiresAt * 1000).toISOString(),
          scope,
          sources: measure(sources),
          outputs: measure(outputs),
          jobs: removedJobs.length,
        },
      },
    );
  };

  /** Lists the videos of responses that belong to the caller. */
  const listResponseVideos = async (
    context: Context,
    filter: { readonly project?: string; readonly step?: string; readonly mail?: string },
    { status, keyPart, ownerId, limit, cursor }: JobQuery,
  ): Promise<ListedJobPage> => {
    const page = await responses.list(toResponseFilter(filter), {
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const matches = page.responses.filter(
      (response) =>
        canAccess(getCaller(context), response.ownerId) &&
        (filter.project === undefined || response.project === filter.project) &&
        (filter.step === undefined || response.step === filter.step) &&
        (keyPart === undefined || response.video.toLowerCase().includes(keyPart.toLowerCase())),
    );
    const found = await Promise.all(
      matches.map(({ jobId }) => (jobId === undefined ? undefined : jobs.find(jobId, ownerId))),
    );
    return {
      jobs: found.flatMap((result) =>
        result?.kind === "job" &&
        isVideo(result.job) &&
        (status === undefined || result.job.status === status)
          ? [result]
          : [],
      ),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  };

  app.openapi(routes.list, async (context) => {
    const { status, q, limit, cursor, ...filter } = context.req.valid("query");
    const query: JobQuery = {
      recipes: videoRecipes,
      ownerId: getVisibleOwnerId(getCaller(context)),
      status,
      keyPart: q,
      limit,
      ...(cursor === undefined ? {} : { cursor: fromApiCursor(cursor) }),
    };
    const page =
      Object.keys(filter).length === 0
        ? await jobs.list(query)
        : await listResponseVideos(context, filter, query);
    const list: VideoList = {
      videos: await Promise.all(page.jobs.map((job) => buildDocument(context, job))),
      cursor: page.cursor === undefined ? null : toApiCursor(page.cursor),
    };
    return respondWithDocument(serializeDocument(list), context.req.valid("header")["if-none-match"]);
  });
  app.openapi(routes.read, async (context) => {
    const video = await findVideo(context, context.req.valid("param").id);
    return respondWithDocument(
      serializeDocument(await buildDocument(context, video)),
      context.req.valid("header")["if-none-match"],
    );
  });
  app.openapi(routes.remove, async (context) => {
    const { id } = context.req.valid("param");
    const { confirmation: token } = context.req.valid("query");
    const confirmation =
      token === undefined
        ? undefined
        : await readConfirmation(
            confirmationSigner,
            token,
            getVisibleOwnerId(getCaller(context)),
            clock.now(),
          );
    let video: ListedJob;
    try {
      video = await findVideo(context, id);
    } catch (cause) {
      // An earlier request with this token has deleted the video.
      if (
        confirmation?.videoId.startsWith(id) &&
        cause instanceof ProblemError &&
        cause.problem.status === 404
      )
        return context.body(null, 204);
      throw cause;
    }
    const { job } = video;
    const plan = await planDeletion(deletionPorts, job);
    const isConfirmed =
      confirmation?.videoId === job.id && (confirmation.scope === "upload" || plan.scope === "version");
    if (!isConfirmed) throw await createConfirmationProblem(context, plan, job.id, token !== undefined);
    try {
      if (!(await deleteVideo(deletionPorts, job, plan)))
        throw new ProblemError(
          "job-state-conflict",
          "The job was changed at the same time. Repeat the request.",
        );
    } catch (cause) {
      if (cause instanceof OperationRefused) throw new ProblemError("job-state-conflict", cause.message);
      throw cause;
    } finally {
      onDeleted();
    }
    return context.body(null, 204);
  });
};
