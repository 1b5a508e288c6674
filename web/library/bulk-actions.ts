import { api, getBody, RequestError } from "../api/client.ts";
import { type DeletionPlan, type DeletionSummary, formatCount } from "./deletion.ts";
import { mapLimited, type Video } from "./library-data.ts";

/** A video for which an action failed. */
interface ActionFailure {
  readonly video: Pick<Video, "id" | "title">;
  /** Why, and what to do. */
  readonly reason: string;
}

/** The result of an action on several videos. */
export interface ActionReport {
  /** What was done. */
  readonly summary: string;
  readonly failures: readonly ActionFailure[];
  /** Videos whose error is permanent, which are retried only if the user insists. */
  readonly permanent: readonly Video[];
}

const describeFailure = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const isNotFound = (cause: unknown): boolean =>
  cause instanceof RequestError && cause.problem?.status === 404;

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
 * @param onChange called with each video as it is then
 */
export const changeJobs = async (
  action: keyof typeof requests,
  videos: readonly Video[],
  { force = false, onChange }: { readonly force?: boolean; onChange(video: Video): void },
): Promise<ActionReport> => {
  const isPermanent = ({ error }: Video): boolean =>
    action === "retry" && !force && error !== null && !error.retryable;
  const failures = await mapLimited(
    videos.filter((video) => !isPermanent(video)),
    async (video): Promise<readonly ActionFailure[]> => {
      try {
        const { status, progress, error } = await requests[action](video.id, force);
        onChange({ ...video, status, progress, error });
        return [];
      } catch (cause) {
        return [{ video, reason: describeFailure(cause) }];
      }
    },
  );
  const permanent = videos.filter(isPermanent);
  const failed = failures.flat();
  const changedCount = videos.length - failed.length - permanent.length;
  return {
    summary: `${pastTense[action]} ${formatCount(changedCount, "video")}.`,
    failures: [...failed, ...permanent.map((video) => ({ video, reason: video.error?.message ?? "" }))],
    permanent,
  };
};

/** What deletions of videos will remove. */
export interface DeletionCheck {
  readonly plans: readonly DeletionPlan[];
  readonly failures: readonly ActionFailure[];
  /** Ids of videos that do not exist any more. */
  readonly goneIds: readonly string[];
}

/** Asks the API what the deletion of each video would remove. Deletes nothing. @param onProgress called after each */
export const checkDeletion = async (
  videos: readonly Video[],
  onProgress: () => void,
): Promise<DeletionCheck> => {
  const plans: DeletionPlan[] = [];
  const failures: ActionFailure[] = [];
  const goneIds: string[] = [];
  await mapLimited(videos, async (video) => {
    try {
      await api.DELETE("/videos/{id}", { params: { path: { id: video.id } } });
    } catch (cause) {
      const confirmation = cause instanceof RequestError ? cause.problem?.confirmation : undefined;
      if (confirmation !== undefined) plans.push({ video, confirmation });
      else if (isNotFound(cause)) goneIds.push(video.id);
      else failures.push({ video, reason: describeFailure(cause) });
    }
    onProgress();
  });
  return { plans, failures, goneIds };
};

/**
 * Deletes videos with the tokens of a check.
 *
 * @param onDeleted called with the ids that each request has removed
 */
export const confirmDeletion = async (
  { requests: confirmed, removedIds }: DeletionSummary,
  onDeleted: (ids: readonly string[]) => void,
): Promise<Pick<ActionReport, "summary" | "failures">> => {
  let deletedCount = 0;
  const failures = await mapLimited(
    confirmed,
    async ({ video, confirmation }): Promise<readonly ActionFailure[]> => {
      const ids = removedIds.get(video.id) ?? [video.id];
      try {
        await api.DELETE("/videos/{id}", {
          params: { path: { id: video.id }, query: { confirmation: confirmation.token } },
        });
      } catch (cause) {
        if (!isNotFound(cause)) return [{ video, reason: describeFailure(cause) }];
      }
      deletedCount += ids.length;
      onDeleted(ids);
      return [];
    },
  );
  return { summary: `Deleted ${formatCount(deletedCount, "video")}.`, failures: failures.flat() };
};
