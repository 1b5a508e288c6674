import { Hono } from "hono";
import type { ListedJob } from "../control.ts";
import { createJobList, maxListedJobs } from "../job-list.ts";
import { serverLimits } from "./limits.ts";

const retryAfterSeconds = 5;

/** A number from 1 to 1000; 100 for anything else. */
const parseLimit = (text: string | undefined): number =>
  Math.min(Math.max(1, Math.trunc(Number(text)) || 100), maxListedJobs);

const parseWaitMs = (text: string | undefined): number =>
  1000 * Math.min(Math.max(0, Number(text) || 0), serverLimits.maxWaitSeconds);

/** The list of jobs over HTTP: at once, or once it has changed. */
export interface JobListApi {
  readonly api: Hono;
  /** Makes the next answer see what was changed before this call. */
  invalidate(): void;
}

/**
 * @param list the newest jobs, at most so many
 * @param details what an answer holds beside the jobs
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
            message: `${waitingRequests} requests already wait for a change of the job list, as many as may. Try again in ${retryAfterSeconds} s.`,
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
