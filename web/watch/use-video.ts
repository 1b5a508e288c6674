import { useCallback, useEffect, useState } from "preact/hooks";
import { api, getBody, isNotFound, RequestError } from "../api/client.ts";
import { followJob, isEnded, type JobDetails } from "../api/follow-job.ts";
import type { components } from "../api/schema.ts";

/** A video as the list shows it. */
export type Video = components["schemas"]["Video"];

interface VideoState {
  readonly video?: Video;
  readonly job?: JobDetails;
  readonly failure?: RequestError;
}

const loadVideo = async (id: string): Promise<VideoState> => {
  const params = { params: { path: { id } } };
  try {
    const [video, job] = await Promise.all([
      getBody(api.GET("/videos/{id}", params)),
      getBody(api.GET("/jobs/{id}", params)),
    ]);
    return { video, job };
  } catch (cause) {
    if (cause instanceof RequestError) return { failure: cause };
    throw cause;
  }
};

/** Loads a video with its job, and follows the job until it ends. */
export const useVideo = (id: string) => {
  const [state, setState] = useState<VideoState>({});
  const load = useCallback(async () => setState(await loadVideo(id)), [id]);
  useEffect(() => {
    setState({});
    void load();
  }, [load]);

  const jobId = state.job?.id;
  const isOpen = state.job !== undefined && !isEnded(state.job);
  useEffect(() => {
    if (!isOpen || jobId === undefined) return undefined;
    const stop = new AbortController();
    void followJob(jobId, {
      signal: stop.signal,
      onJob(job) {
        if (isEnded(job)) void load();
        else setState((current) => ({ ...current, job }));
      },
      onFailure(cause) {
        // Other failures pass.
        if (!isNotFound(cause)) return;
        stop.abort();
        void load();
      },
    });
    return () => stop.abort();
  }, [jobId, isOpen, load]);

  return {
    ...state,
    reload: load,
    /** Shows the job as an operation has changed it. */
    setJob: (job: JobDetails): void => setState((current) => ({ ...current, job })),
  };
};
