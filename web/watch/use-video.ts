import { useCallback, useEffect, useState } from "preact/hooks";
import { api, getBody, RequestError } from "../api/client.ts";
import type { components } from "../api/schema.ts";
import { followJob, type Job } from "./follow-job.ts";
import { isTerminal } from "./timeline.ts";

/** A video as the list shows it. */
export type Video = components["schemas"]["Video"];

interface VideoState {
  readonly video?: Video;
  readonly job?: Job;
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
  const isOpen = state.job !== undefined && !isTerminal(state.job.status);
  useEffect(() => {
    if (!isOpen || jobId === undefined) return undefined;
    return followJob(
      jobId,
      (job) => {
        if (isTerminal(job.status)) void load();
        else setState((current) => ({ ...current, job }));
      },
      () => void load(),
    );
  }, [jobId, isOpen, load]);

  return {
    ...state,
    reload: load,
    /** Shows the job as an operation has changed it. */
    setJob: (job: Job): void => setState((current) => ({ ...current, job })),
  };
};
