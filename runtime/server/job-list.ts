import { Hono } from "hono";
import type { ListedJob } from "../control.ts";
import { createJobList, maxListedJobs } from "../job-list.ts";
import { serverLimits } from "./limits.ts";

const retryAfterSeconds = 5;

/** Parses a limit from 1 to 1000; the default is 100. */
const parseLimit = (text: string | undefined): number =>
  Math.min(Math.max(1, Math.trunc(Number(text)) || 100), maxListedJobs);

const parseWaitMs = (text: string | undefined): number =>
  1000 * Math.min(Math.max(0, Number(text) || 0), serverLimits.maxWaitSeconds);

/** The list of jobs over HTTP; `wait` delays the response until the list changes. */
export interface JobListApi {
  readonly api: Hono;
  /** Makes later responses include all changes made before this call. */
  invalidate(): void;
}

/**
 * @param list reads the newest jobs, at most `limit`
 * @param details further fields of a response
 */
export const createJobListApi = (
  list: (limit: number) => Promise<readonly ListedJob[]>,
  details: () => Readonly<Record<string, unknown>> = () => ({}),
): JobListApi => {
  const api = new Hono();
  const jobs = createJobList(list, details);
  let waitingRequests = 0;

  const waitForChange = async (limit: number, knownEtag: string, waitMs: number, signal: AbortSignal) => {
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    const timer = setTimeout(abort, waitMs);
    signal.addEventListener("abort", abort);
    waitingRequests += 1;
    try {
      return await jobs.waitForChange(limit, knownEtag, stop.signal);
    } finally {
      waitingRequests -= 1;
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    }
  };

  api.get("/", async (context) => {
    const limit = parseLimit(context.req.query("limit"));
    const waitMs = parseWaitMs(context.req.query("wait"));
    const knownEtag = context.req.header("if-none-match");
    let page = await jobs.read(limit);
    if (page.etag === knownEtag && waitMs > 0) {
      if (waitingRequests >= serverLimits.maxWaitingRequests)
        return context.json(
          {
            message: `Too many requests wait for a change of the job list (limit ${serverLimits.maxWaitingRequests}). Try again in ${retryAfterSeconds} s.`,
          },
          503,
          { "retry-after": String(retryAfterSeconds) },
        );
      page = await waitForChange(limit, knownEtag, waitMs, context.req.raw.signal);
    }
    const { body, etag } = page;
    return etag === knownEtag
      ? context.body(null, 304, { etag })
      : context.body(body, 200, { "content-type": "application/json", etag });
  });
  return { api, invalidate: () => jobs.invalidate() };
};
