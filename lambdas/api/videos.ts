import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { type Caller, canAccess, getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { type VideoList, videoDocumentSchema, videoListSchema } from "../../pipeline/api/video-document.ts";
import { jobStatuses } from "../../pipeline/attempts/job-status.ts";
import type { JobQuery } from "../../pipeline/jobs/list-jobs.ts";
import {
  isMail,
  normalizeMail,
  projectPattern,
  stepPattern,
} from "../../pipeline/responses/response-request.ts";
import type { ResponseFilter, ResponseStore } from "../../pipeline/responses/response-store.ts";
import { engines } from "../../pipeline/routing/route.ts";
import { isVideo, videoRecipes } from "../../pipeline/videos/playable.ts";
import { getCaller } from "./authentication.ts";
import { describeDocument, documentHeadersSchema } from "./document-operation.ts";
import { respondWithDocument, serializeDocument } from "./etag.ts";
import { fromApiCursor, toApiCursor } from "./job-list.ts";
import type { ApiJobs, ListedJobPage } from "./ports.ts";
import { describeProblems } from "./problems.ts";
import { createSharedReads } from "./shared-reads.ts";
import { type VideoReader, videoLookupProblems, videoPathSchema, videoTags } from "./video-reader.ts";

const maxListedVideos = 100;
const defaultLimit = 50;

const noQuerySchema = z.strictObject({});
const listQuerySchema = z.strictObject({
  status: z.enum(jobStatuses).optional().describe("Only videos with this status."),
  route: z.string().min(1).optional().describe("Only videos of the route with this name."),
  engine: z.enum(engines).optional().describe("Only videos of this engine."),
  q: z.string().min(1).max(1024).optional().describe("Part of the key, ignoring case."),
  mail: z
    .string()
    .refine(isMail, "It must be an e-mail address.")
    .transform(normalizeMail)
    .optional()
    .describe("Only videos that this person sent as a response."),
  project: z
    .string()
    .regex(projectPattern, "A project has 1 to 64 letters, digits and `_`.")
    .optional()
    .describe("Only videos that are responses to this project."),
  step: z
    .string()
    .regex(stepPattern, "A step has 1 to 64 letters, digits, `_` and `-`.")
    .optional()
    .describe("Only videos that are responses to this step. Requires `project` or `mail`."),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxListedVideos)
    .default(defaultLimit)
    .describe("Maximum number of videos in the page."),
  cursor: z.string().min(1).optional().describe("Cursor of the previous page."),
});

const routes = {
  list: createRoute({
    method: "get",
    path: "/videos",
    operationId: "listVideos",
    summary: "List videos",
    description:
      "Lists the videos that belong to the caller, or all videos for an operator, newest first. A video is a job that makes something that a player can open.",
    tags: videoTags,
    request: { query: listQuerySchema, headers: documentHeadersSchema },
    responses: {
      ...describeDocument(videoListSchema, "A page of the videos."),
      ...describeProblems("invalid-request"),
    },
  }),
  read: createRoute({
    method: "get",
    path: "/videos/{id}",
    operationId: "getVideo",
    summary: "Get a video",
    description: "Returns a video.",
    tags: videoTags,
    request: { params: videoPathSchema, query: noQuerySchema, headers: documentHeadersSchema },
    responses: {
      ...describeDocument(videoDocumentSchema, "The video."),
      ...describeProblems(...videoLookupProblems),
    },
  }),
};

/** What the responses of a list's videos have; absent: any. */
interface ResponseValues {
  readonly project?: string;
  readonly step?: string;
  readonly mail?: string;
}

/** @throws ProblemError for a step without a project or a person, which no index finds */
const toResponseFilter = ({ project, step, mail }: ResponseValues): ResponseFilter => {
  if (mail !== undefined) return { mail };
  if (project !== undefined) return { project, ...(step === undefined ? {} : { step }) };
  const detail = "Add `project` or `mail`: a step alone selects no responses.";
  throw new ProblemError("invalid-request", `step: ${detail}`, {
    errors: [{ parameter: "step", in: "query", detail }],
  });
};

interface VideoOperationOptions {
  readonly jobs: Pick<ApiJobs, "list" | "find">;
  readonly reader: VideoReader;
  readonly responses: Pick<ResponseStore, "list">;
}

/** A page of videos, as a caller sees it. */
interface VideoQuery {
  readonly caller: Pick<Caller, "ownerId" | "isOperator">;
  readonly jobs: JobQuery;
  /** Absent: all videos, not only those of responses. */
  readonly responses?: { readonly filter: ResponseFilter; readonly values: ResponseValues };
}

/**
 * Adds the operations that list and return videos. Concurrent readers of a page share one read.
 *
 * @returns a function that makes later lists see all changes made before its call
 */
export const addVideoOperations = (
  app: OpenAPIHono,
  { jobs, reader, responses }: VideoOperationOptions,
): (() => void) => {
  /** Lists the videos of responses that belong to the caller. */
  const listResponseVideos = async (
    caller: VideoQuery["caller"],
    { filter, values }: NonNullable<VideoQuery["responses"]>,
    { status, route, engine, keyPart, ownerId, limit, cursor }: JobQuery,
  ): Promise<ListedJobPage> => {
    const page = await responses.list(filter, { limit, ...(cursor === undefined ? {} : { cursor }) });
    const matches = page.responses.filter(
      (response) =>
        canAccess(caller, response.ownerId) &&
        (values.project === undefined || response.project === values.project) &&
        (values.step === undefined || response.step === values.step) &&
        (keyPart === undefined || response.video.toLowerCase().includes(keyPart.toLowerCase())),
    );
    const found = await Promise.all(
      matches.map(({ jobId }) => (jobId === undefined ? undefined : jobs.find(jobId, ownerId))),
    );
    return {
      jobs: found.flatMap((result) =>
        result?.kind === "job" &&
        isVideo(result.job) &&
        (status === undefined || result.job.status === status) &&
        (route === undefined || result.job.route === route) &&
        (engine === undefined || result.job.engine === engine)
          ? [result]
          : [],
      ),
      ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
    };
  };
  const lists = createSharedReads(async (query: VideoQuery) => {
    const { caller } = query;
    const page =
      query.responses === undefined
        ? await jobs.list(query.jobs)
        : await listResponseVideos(caller, query.responses, query.jobs);
    const list: VideoList = {
      videos: await Promise.all(page.jobs.map((job) => reader.buildDocument(caller, job))),
      cursor: page.cursor === undefined ? null : toApiCursor(page.cursor),
    };
    return serializeDocument(list);
  });

  app.openapi(routes.list, async (context) => {
    const { status, route, engine, q, limit, cursor, ...values } = context.req.valid("query");
    const { ownerId, isOperator } = getCaller(context);
    const caller = { isOperator, ...(ownerId === undefined ? {} : { ownerId }) };
    const list = lists.find({
      caller,
      jobs: {
        recipes: videoRecipes,
        ownerId: getVisibleOwnerId(caller),
        status,
        route,
        engine,
        keyPart: q,
        limit,
        ...(cursor === undefined ? {} : { cursor: fromApiCursor(cursor) }),
      },
      ...(Object.keys(values).length === 0
        ? {}
        : { responses: { filter: toResponseFilter(values), values } }),
    });
    return respondWithDocument(await list.get(), context.req.valid("header")["if-none-match"]);
  });
  app.openapi(routes.read, async (context) => {
    const video = await reader.find(context.req.valid("param").id, getVisibleOwnerId(getCaller(context)));
    return respondWithDocument(
      serializeDocument(await reader.buildDocument(getCaller(context), video)),
      context.req.valid("header")["if-none-match"],
    );
  });
  return lists.invalidate;
};
