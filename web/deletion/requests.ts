import { api, isNotFound, RequestError } from "../api/client.ts";
import { mapLimited } from "../api/map-limited.ts";
import { type ActionFailure, describeFailure } from "../components/action-report.ts";
import { formatCount } from "../components/format.ts";
import type { DeletionPlan, DeletionSummary } from "./deletion.ts";

/** What deletions of videos will remove. */
export interface DeletionCheck {
  readonly plans: readonly DeletionPlan[];
  readonly failures: readonly ActionFailure[];
  /** Ids of videos that do not exist any more. */
  readonly goneIds: readonly string[];
}

/** Asks the API what the deletion of each video would remove. Deletes nothing. @param onProgress called after each */
export const checkDeletion = async (
  videos: readonly DeletionPlan["video"][],
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

/** The result of deletions. */
export interface DeletionReport {
  /** What was deleted. */
  readonly summary: string;
  readonly failures: readonly ActionFailure[];
}

/**
 * Deletes videos with the tokens of a check.
 *
 * @param onDeleted called with the ids that each request has removed
 */
export const confirmDeletion = async (
  { requests: confirmed, removedIds }: DeletionSummary,
  onDeleted: (ids: readonly string[]) => void,
): Promise<DeletionReport> => {
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
