import type { components } from "../api/schema.ts";
import { formatBytes, formatCount } from "../components/format.ts";

/** The API's request to confirm a deletion. */
export type Confirmation = NonNullable<components["schemas"]["Problem"]["confirmation"]>;

/** What the deletion of a video will remove, as the API reports it. */
export interface DeletionPlan {
  readonly video: { readonly id: string; readonly key: string; readonly title: string };
  readonly confirmation: Confirmation;
}

/** A deletion to confirm. */
export interface DeletionSummary {
  /** Deletions to request. */
  readonly requests: readonly DeletionPlan[];
  /** Ids of the selected videos that each request removes: with an upload, all of its versions go. */
  readonly removedIds: ReadonlyMap<string, readonly string[]>;
  readonly sources: number;
  readonly outputs: number;
  readonly bytes: number;
  /** Whether a request removes several versions of an upload. */
  readonly hasVersions: boolean;
}

/** Adds up plans. A replaced version whose whole upload is deleted, too, is counted once. */
export const summarizeDeletion = (plans: readonly DeletionPlan[]): DeletionSummary => {
  const uploads = new Map(
    plans
      .filter(({ confirmation }) => confirmation.scope === "upload")
      .map((plan) => [plan.video.key, plan] as const),
  );
  const removedIds = new Map<string, string[]>();
  const requests: DeletionPlan[] = [];
  for (const plan of plans) {
    const request = uploads.get(plan.video.key) ?? plan;
    const ids = removedIds.get(request.video.id);
    if (ids === undefined) {
      requests.push(request);
      removedIds.set(request.video.id, [plan.video.id]);
    } else ids.push(plan.video.id);
  }
  const sum = (read: (confirmation: Confirmation) => number): number =>
    requests.reduce((total, { confirmation }) => total + read(confirmation), 0);
  return {
    requests,
    removedIds,
    sources: sum(({ sources }) => sources.count),
    outputs: sum(({ outputs }) => outputs.count),
    bytes: sum(({ sources, outputs }) => sources.bytes + outputs.bytes),
    hasVersions: requests.some(({ confirmation }) => confirmation.jobs > 1),
  };
};

/** Whether two confirmations are of the removal of the same things. Their tokens can be different. */
export const isSameDeletion = (a: Confirmation, b: Confirmation): boolean =>
  a.scope === b.scope &&
  a.jobs === b.jobs &&
  (["sources", "outputs"] as const).every(
    (kind) => a[kind].count === b[kind].count && a[kind].bytes === b[kind].bytes,
  );

/** Describes what is removed, e.g. `3 uploads, 42 outputs, 1.2 GB`. */
export const describeDeletion = ({ sources, outputs, bytes }: DeletionSummary): string =>
  [formatCount(sources, "upload"), formatCount(outputs, "output"), formatBytes(bytes)].join(", ");
