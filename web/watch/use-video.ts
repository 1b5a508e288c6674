import { useCallback, useEffect } from "preact/hooks";
import { api, getBody, isNotFound } from "../api/client.ts";
import { followJob, isEnded, type JobDetails } from "../api/follow-job.ts";
import type { components } from "../api/schema.ts";
import { useRequest } from "../components/use-request.ts";

/** A video as the list shows it. */
export type Video = components["schemas"]["Video"];

/** Loads a video with its job, and follows the job until it ends. */
export const useVideo = (id: string) => {
  const { result, failure, reload, update } = useRequest(
    useCallback(
      async (signal: AbortSignal) => {
        const options = { params: { path: { id } }, signal };
        const [video, job] = await Promise.all([
          getBody(api.GET("/videos/{id}", options)),
          getBody(api.GET("/jobs/{id}", options)),
        ]);
        return { video, job };
      },
      [id],
    ),
  );
  /** Shows the job as an operation has changed it. */
  const setJob = useCallback((job: JobDetails): void => update((current) => ({ ...current, job })), [update]);

  const jobId = result?.job.id;
  const isOpen = result !== undefined && !isEnded(result.job);
  useEffect(() => {
    if (!isOpen || jobId === undefined) return undefined;
    const stop = new AbortController();
    void followJob(jobId, {
      signal: stop.signal,
      onJob(job) {
        if (isEnded(job)) void reload();
        else setJob(job);
      },
      onFailure(cause) {
        // Other failures pass.
        if (!isNotFound(cause)) return;
        stop.abort();
        void reload();
      },
    });
    return () => stop.abort();
  }, [jobId, isOpen, reload, setJob]);

  return { video: result?.video, job: result?.job, failure, reload, setJob };
};
