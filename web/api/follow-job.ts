import { api } from "./client.ts";
import type { components } from "./schema.ts";

/** A job with its history. */
export type JobDetails = components["schemas"]["JobDetails"];

/** Streams that are open at the same time: each needs one of the browser's six connections to the server. */
const maxStreams = 2;
const minDelayMs = 1000;
const maxDelayMs = 15_000;

/** Whether a job has ended: it does not change by itself any more. */
export const isEnded = ({ status }: Pick<JobDetails, "status">): boolean =>
  status !== "Submitted" && status !== "Progressing";

/** Waits, or until the signal is aborted. */
const wait = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      window.clearTimeout(timer);
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const timer = window.setTimeout(finish, delayMs);
    signal.addEventListener("abort", finish);
  });

/**
 * Calls a function until it returns a result, with growing delays. Failures are reported, and tried again.
 *
 * @returns undefined if the signal is aborted
 */
export const pollWithBackoff = async <Result>(
  read: (reportChange: () => void) => Promise<Result | undefined>,
  { signal, onFailure }: { readonly signal: AbortSignal; onFailure(cause: unknown): void },
): Promise<Result | undefined> => {
  let delayMs = minDelayMs;
  while (!signal.aborted) {
    try {
      const result = await read(() => {
        delayMs = minDelayMs;
      });
      if (result !== undefined) return result;
    } catch (cause) {
      if (!signal.aborted) onFailure(cause);
    }
    await wait(delayMs, signal);
    delayMs = Math.min(maxDelayMs, delayMs * 1.5);
  }
  return undefined;
};

/** Streams that the server refuses before it is asked for no others: it has no events. */
const maxRefusals = 3;
let streams = 0;
let refusals = 0;
let hasOpenedStream = false;

/** Whether another stream can be opened. One job may be deleted, and the server may be busy for a while. */
const canStream = (): boolean => streams < maxStreams && (hasOpenedStream || refusals < maxRefusals);

/** Follows a job by server-sent events. @returns how they end: with the job, refused by the server, or interrupted */
const streamJob = (
  id: string,
  onJob: (job: JobDetails) => void,
  signal: AbortSignal,
): Promise<"ended" | "refused" | "interrupted"> =>
  new Promise((resolve) => {
    const source = new EventSource(`/jobs/${encodeURIComponent(id)}/events`);
    let isOpened = false;
    streams += 1;
    const finish = (end: "ended" | "refused" | "interrupted"): void => {
      source.close();
      signal.removeEventListener("abort", abort);
      streams -= 1;
      resolve(end);
    };
    const abort = (): void => finish("interrupted");
    signal.addEventListener("abort", abort);
    source.addEventListener("open", () => {
      isOpened = true;
      hasOpenedStream = true;
    });
    source.addEventListener("job", ({ data }) => {
      const job: JobDetails = JSON.parse(String(data));
      onJob(job);
      if (isEnded(job)) finish("ended");
    });
    source.addEventListener("error", () => {
      // The browser connects again by itself, unless the server refuses.
      if (source.readyState !== EventSource.CLOSED) return;
      if (!isOpened) refusals += 1;
      finish(isOpened ? "interrupted" : "refused");
    });
  });

interface FollowOptions {
  readonly signal: AbortSignal;
  onJob(job: JobDetails): void;
  onFailure(cause: unknown): void;
}

/** Follows a job until it ends: by server-sent events where the server has them, else by polling. */
export const followJob = async (id: string, { signal, onJob, onFailure }: FollowOptions): Promise<void> => {
  let etag: string | undefined;
  let isRefused = false;
  await pollWithBackoff(
    async (reportChange) => {
      const { data, response } = await api.GET("/jobs/{id}", {
        params: { path: { id }, header: etag === undefined ? {} : { "if-none-match": etag } },
        signal,
      });
      etag = response.headers.get("etag") ?? undefined;
      if (data !== undefined) {
        reportChange();
        onJob(data);
        if (isEnded(data)) return true;
      }
      if (isRefused || !canStream()) return undefined;
      const end = await streamJob(id, onJob, signal);
      isRefused = end === "refused";
      return end === "ended" || undefined;
    },
    { signal, onFailure },
  );
};
