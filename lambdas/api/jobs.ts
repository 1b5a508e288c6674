import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import * as z from "zod";
import { getVisibleOwnerId } from "../../pipeline/access/caller.ts";
import { type JobDetails, jobDetailsSchema } from "../../pipeline/api/job-document.ts";
import { jobListSchema } from "../../pipeline/api/job-list.ts";
import { ProblemError } from "../../pipeline/api/problem.ts";
import { isTerminal, jobStatuses } from "../../pipeline/attempts/job-status.ts";
import type { JobQuery } from "../../pipeline/jobs/list-jobs.ts";
import { OperationRefused } from "../../pipeline/jobs/operator.ts";
import { getCaller } from "./authentication.ts";
import { describeDocument, documentHeadersSchema } from "./document-operation.ts";
import { isUnmodified, respondWithDocument } from "./etag.ts";
import { streamDocuments } from "./event-stream.ts";
import { createJobListReader, fromApiCursor, maxListedJobs } from "./job-list.ts";
import { jobLookupProblems, jobPathSchema, jobTags as tags } from "./job-path.ts";
import { createJobReader } from "./job-reader.ts";
import type { ApiPorts } from "./ports.ts";
import { describeProblems } from "./problems.ts";
import type { WaitingRequests } from "./waiting-requests.ts";

const defaultLimit = 100;

const listQuerySchema = z.strictObject({
  status: z.enum(jobStatuses).optional().describe("Only jobs with this status."),
  route: z.string().min(1).optional().describe("Only jobs of the route with this name."),
  key: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe(
      "Only jobs of the upload with exactly this key. The job of a completed upload appears within seconds.",
    ),
  errorCode: z.coerce
    .number()
    .int()
    .optional()
    .meta({ description: "Only jobs that failed with this error code.", type: "integer" }),
  createdFrom: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Only jobs created at this time or later, ISO 8601 with a time zone."),
  createdBefore: z.iso
    .datetime({ offset: true })
    .optional()
    .describe("Only jobs created before this time, ISO 8601 with a time zone."),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(maxListedJobs)
    .default(defaultLimit)
    .describe("Maximum number of jobs in the page."),
  cursor: z.string().min(1).optional().describe("Cursor of the previous page."),
});
const eventHeadersSchema = z.object({
  "last-event-id": z
    .string()
    .optional()
    .describe(
      "Id of the last event that the client received. If the job has ended since, without a change, the response is 204, which stops an EventSource.",
    ),
});
const noQuerySchema = z.strictObject({});
const retryBodySchema = z
  .strictObject({
    // Not a zod default: a request without a body is not parsed.
    force: z.boolean().optional().meta({
      description: "Retry even if the error is permanent, e.g. because the media is broken.",
      default: false,
    }),
  })
  .meta({ id: "RetryRequest", description: "Options of a retry." });

const changeProblems = [...jobLookupProblems, "job-state-conflict", "body-too-large"] as const;

const createRoutes = (maxWaitSeconds: number | undefined) => ({
  list: createRoute({
    method: "get",
    path: "/jobs",
    operationId: "listJobs",
    summary: "List jobs",
    description:
      "Lists the jobs that belong to the caller, or all jobs for an operator, newest first. Pages have no gaps and no duplicates, also while jobs are added.",
    tags,
    request: {
      query:
        maxWaitSeconds === undefined
          ? listQuerySchema
          : listQuerySchema.extend({
              wait: z.coerce.number().min(0).max(maxWaitSeconds).default(0).meta({
                description:
                  "Seconds to wait for a change while `If-None-Match` names the current page. One machine only.",
                // The generator takes any coerced number for nullable.
                type: "number",
                maximum: maxWaitSeconds,
              }),
            }),
      headers: documentHeadersSchema,
    },
    responses: {
      ...describeDocument(jobListSchema, "A page of the jobs."),
      ...describeProblems(
        "invalid-request",
        ...(maxWaitSeconds === undefined ? [] : (["too-many-waiting-requests"] as const)),
      ),
    },
  }),
  read: createRoute({
    method: "get",
    path: "/jobs/{id}",
    operationId: "getJob",
    summary: "Get a job",
    description: "Returns a job with its history and the probe of its source.",
    tags,
    request: { params: jobPathSchema, query: noQuerySchema, headers: documentHeadersSchema },
    responses: {
      ...describeDocument(jobDetailsSchema, "The job."),
      ...describeProblems(...jobLookupProblems),
    },
  }),
  cancel: createRoute({
    method: "post",
    path: "/jobs/{id}/cancel",
    operationId: "cancelJob",
    summary: "Cancel a job",
    description: "Cancels a job that has not ended and has not published its outputs.",
    tags,
    request: { params: jobPathSchema, query: noQuerySchema },
    responses: {
      200: {
        description: "The canceled job.",
        content: { "application/json": { schema: jobDetailsSchema } },
      },
      ...describeProblems(...changeProblems),
    },
  }),
  retry: createRoute({
    method: "post",
    path: "/jobs/{id}/retry",
    operationId: "retryJob",
    summary: "Retry a job",
    description: "Starts the next attempt of a job whose status is Error or Canceled.",
    tags,
    request: {
      params: jobPathSchema,
      query: noQuerySchema,
      body: {
        description: "Options of the retry.",
        content: { "application/json": { schema: retryBodySchema } },
      },
    },
    responses: {
      200: { description: "The retried job.", content: { "application/json": { schema: jobDetailsSchema } } },
      ...describeProblems(...changeProblems, "unsupported-media-type"),
    },
  }),
  events: createRoute({
    method: "get",
    path: "/jobs/{id}/events",
    operationId: "streamJobEvents",
    summary: "Follow a job",
    description:
      "Sends server-sent events: one event `job` with the job (JobDetails) as JSON now and after every change, until its status is terminal. The id of an event is the ETag of the document. A comment every 15 seconds keeps the connection open. One machine only.",
    tags,
    request: { params: jobPathSchema, query: noQuerySchema, headers: eventHeadersSchema },
    responses: {
      200: { description: "The events.", content: { "text/event-stream": { schema: z.string() } } },
      204: { description: "The job has ended, and the client has its last event." },
      ...describeProblems(...jobLookupProblems, "too-many-waiting-requests"),
    },
  }),
});

/**
 * Adds the operations of jobs to the API.
 *
 * @param waitingRequests those that wait for a change of anything; absent without `waiting`
 * @param onChanged called after an operation has changed a job
 * @returns makes later lists include all changes made before the call
 */
export const addJobOperations = (
  app: OpenAPIHono,
  { jobs, waiting, log }: Pick<ApiPorts, "jobs" | "waiting" | "log">,
  waitingRequests: WaitingRequests | undefined,
  onChanged: () => void,
): (() => void) => {
  const routes = createRoutes(waiting?.maxWaitSeconds);
  const list = createJobListReader(jobs);
  const reader = createJobReader(jobs);

  const waitForChange = async (query: JobQuery, etag: string, waitSeconds: number, client: AbortSignal) => {
    const request = waitingRequests?.add(client, 1000 * waitSeconds);
    if (request === undefined) return list.read(query);
    try {
      return await list.waitForChange(query, etag, request.signal);
    } finally {
      request.release();
    }
  };

  /** Reads the job of a request, if it belongs to the caller. */
  const readJob = (context: Context, idOrPrefix: string) =>
    reader.read(idOrPrefix, getVisibleOwnerId(getCaller(context)));

  /** Changes a job and returns it. */
  const changeJob = async (
    context: Context,
    idOrPrefix: string,
    change: (id: string) => Promise<void>,
  ): Promise<JobDetails> => {
    const { id } = (await readJob(context, idOrPrefix)).details;
    try {
      await change(id);
    } catch (cause) {
      if (cause instanceof OperationRefused) throw new ProblemError("job-state-conflict", cause.message);
      throw cause;
    } finally {
      onChanged();
    }
    return (await readJob(context, id)).details;
  };

  app.openapi(routes.list, async (context) => {
    const {
      cursor,
      wait = 0,
      key,
      ...filter
    } = context.req.valid("query") as z.output<typeof listQuerySchema> & {
      readonly wait?: number;
    };
    const query = {
      ...filter,
      ownerId: getVisibleOwnerId(getCaller(context)),
      ...(key === undefined ? {} : { source: { bucket: jobs.inputBucket, key } }),
      ...(cursor === undefined ? {} : { cursor: fromApiCursor(cursor) }),
    };
    const ifNoneMatch = context.req.valid("header")["if-none-match"];
    const page = await list.read(query);
    return respondWithDocument(
      wait > 0 && isUnmodified(ifNoneMatch, page.etag)
        ? await waitForChange(query, page.etag, wait, context.req.raw.signal)
        : page,
      ifNoneMatch,
    );
  });
  app.openapi(routes.read, async (context) =>
    respondWithDocument(
      await readJob(context, context.req.valid("param").id),
      context.req.valid("header")["if-none-match"],
    ),
  );
  app.openapi(routes.cancel, async (context) =>
    context.json(await changeJob(context, context.req.valid("param").id, jobs.cancel), 200),
  );
  app.openapi(routes.retry, async (context) => {
    const { force = false } = context.req.valid("json");
    const { id } = context.req.valid("param");
    return context.json(await changeJob(context, id, (jobId) => jobs.retry(jobId, force)), 200);
  });
  if (waiting !== undefined && waitingRequests !== undefined) {
    const { heartbeatMs } = waiting;
    app.openapi(routes.events, async (context) => {
      const first = await readJob(context, context.req.valid("param").id);
      const lastEventId = context.req.valid("header")["last-event-id"];
      return isTerminal(first.details.status) && lastEventId === first.etag
        ? new Response(null, { status: 204 })
        : streamDocuments(context, (signal) => reader.watch(first, signal), {
            event: "job",
            subject: { jobId: first.details.id },
            waitingRequests,
            heartbeatMs,
            log,
          });
    });
  }
  return list.invalidate;
};
