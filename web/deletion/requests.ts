import { api, isNotFound, RequestError } from "../api/client.ts";
import { mapLimited } from "../api/map-limited.ts";
import { type ActionFailure, describeFailure } from "../components/action-report.ts";
import { formatCount } from "../components/format.ts";
import { type Confirmation, type DeletionPlan, type DeletionSummary, isSameDeletion } from "./deletion.ts";

/** What deletions of videos will remove. */
export interface DeletionCheck {
  readonly plans: readonly DeletionPlan[];
  readonly failures: readonly ActionFailure[];
  /** Ids of videos that do not exist any more. */
  readonly goneIds: readonly string[];
}

const readConfirmation = (cause: unknown): Confirmation | undefined =>
  cause instanceof RequestError ? cause.problem?.confirmation : undefined;

/**
 * Asks the API what the deletion of each video would remove. Deletes nothing.
 *
 * @param onProgress called after each video
 * @param signal ends the check: no further requests are sent, and the result is incomplete
 */
export const checkDeletion = async (
  videos: readonly DeletionPlan["video"][],
  onProgress: () => void,
  signal: AbortSignal,
): Promise<DeletionCheck> => {
  const plans: DeletionPlan[] = [];
  const failures: ActionFailure[] = [];
  const goneIds: string[] = [];
  await mapLimited(videos, async (video) => {
    if (signal.aborted) return;
    try {
      await api.DELETE("/videos/{id}", { params: { path: { id: video.id } }, signal });
    } catch (cause) {
      if (signal.aborted) return;
      const confirmation = readConfirmation(cause);
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
 * Deletes a video. A video that does not exist any more is deleted.
 *
 * @param isRepeated whether the token is the second one
 * @returns why the video was not deleted
 */
const deleteVideo = async (
  { video, confirmation }: DeletionPlan,
  isRepeated = false,
): Promise<string | undefined> => {
  const params = { path: { id: video.id }, query: { confirmation: confirmation.token } };
  try {
    await api.DELETE("/videos/{id}", { params });
  } catch (cause) {
    const next = readConfirmation(cause);
    // The first token has expired after 15 minutes.
    if (next !== undefined && !isRepeated && isSameDeletion(next, confirmation))
      return deleteVideo({ video, confirmation: next }, true);
    if (next !== undefined)
      return "What the deletion removes may have changed, so it must be confirmed again. Choose Delete again.";
    if (!isNotFound(cause)) return describeFailure(cause);
  }
  return undefined;
};

/**
 * Deletes videos with the tokens of a check. An expired token is replaced, if the deletion still removes the same.
 *
 * @param onDeleted called with the ids that each request has removed
 */
export const confirmDeletion = async (
  { requests, removedIds }: DeletionSummary,
  onDeleted: (ids: readonly string[]) => void,
): Promise<DeletionReport> => {
  let deletedCount = 0;
  const failures = await mapLimited(requests, async (plan): Promise<readonly ActionFailure[]> => {
    const { video } = plan;
    const reason = await deleteVideo(plan);
    if (reason !== undefined) return [{ video, reason }];
    const ids = removedIds.get(video.id) ?? [video.id];
    deletedCount += ids.length;
    onDeleted(ids);
    return [];
  });
  return { summary: `Deleted ${formatCount(deletedCount, "video")}.`, failures: failures.flat() };
};
