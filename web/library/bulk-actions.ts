import { api, getBody } from "../api/client.ts";
import { mapLimited } from "../api/map-limited.ts";
import { type ActionFailure, describeFailure } from "../components/action-report.ts";
import { formatCount } from "../components/format.ts";
import type { Job, Video } from "./library-data.ts";

/** The result of an action on several videos. */
export interface ActionReport {
  /** What was done. */
  readonly summary: string;
  readonly failures: readonly ActionFailure[];
  /** Videos whose error is permanent, which are retried only if the user insists. */
  readonly permanentFailures: readonly Video[];
}

const requests = {
  retry: (id: string, force: boolean) =>
    getBody(api.POST("/jobs/{id}/retry", { params: { path: { id } }, body: { force } })),
  cancel: (id: string) => getBody(api.POST("/jobs/{id}/cancel", { params: { path: { id } } })),
} as const;
const pastTense = { retry: "Retried", cancel: "Canceled" } as const;

/**
 * Retries or cancels the jobs of videos.
 *
 * @param force whether to retry also after a permanent error
 * @param onChange called with each job as it is then
 */
export const changeJobs = async (
  action: keyof typeof requests,
  videos: readonly Video[],
  { force = false, onChange }: { readonly force?: boolean; onChange(job: Job): void },
): Promise<ActionReport> => {
  const isPermanent = ({ error }: Video): boolean =>
    action === "retry" && !force && error !== null && !error.retryable;
  const results = await mapLimited(
    videos.filter((video) => !isPermanent(video)),
    async (video): Promise<readonly ActionFailure[]> => {
      try {
        onChange(await requests[action](video.id, force));
        return [];
      } catch (cause) {
        return [{ video, reason: describeFailure(cause) }];
      }
    },
  );
  const permanentFailures = videos.filter(isPermanent);
  const failures = results.flat();
  const changedCount = videos.length - failures.length - permanentFailures.length;
  return {
    summary: `${pastTense[action]} ${formatCount(changedCount, "video")}.`,
    failures: [
      ...failures,
      ...permanentFailures.map((video) => ({ video, reason: video.error?.message ?? "" })),
    ],
    permanentFailures,
  };
};
