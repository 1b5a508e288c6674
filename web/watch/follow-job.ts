import { api, getBody, RequestError } from "../api/client.ts";
import type { components } from "../api/schema.ts";
import { isTerminal } from "./timeline.ts";

/** A job with its history. */
export type Job = components["schemas"]["JobDetails"];

const pollMs = 3000;

/**
 * Follows a job until it ends: by server-sent events on one machine, else by polling.
 *
 * @param onJob receives the job whenever it has changed, at last with a terminal status
 * @param onMissing called when the job has been deleted
 * @returns stops following
 */
export const followJob = (id: string, onJob: (job: Job) => void, onMissing: () => void): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  const events = new EventSource(`/jobs/${encodeURIComponent(id)}/events`);
  const stop = (): void => {
    isStopped = true;
    events.close();
    clearTimeout(timer);
  };
  const receive = (job: Job): void => {
    if (isStopped) return;
    if (isTerminal(job.status)) stop();
    onJob(job);
  };
  const poll = async (): Promise<void> => {
    try {
      receive(await getBody(api.GET("/jobs/{id}", { params: { path: { id } } })));
    } catch (cause) {
      if (!isStopped && cause instanceof RequestError && cause.problem?.status === 404) {
        stop();
        onMissing();
      }
    }
    if (!isStopped) timer = setTimeout(() => void poll(), pollMs);
  };
  events.addEventListener("job", ({ data }) => receive(JSON.parse(data)));
  // Without this, EventSource reconnects by itself; it ends when the server has no events.
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED && !isStopped) void poll();
  });
  return stop;
};
