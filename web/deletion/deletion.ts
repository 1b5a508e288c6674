import type { components } from "../api/schema.ts";
import { formatBytes, formatCount } from "../components/format.ts";

type Confirmation = NonNullable<components["schemas"]["Problem"]["confirmation"]>;

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
}

/** Adds up plans. A replaced version whose whole upload is deleted, too, is counted once. */
export const summarizeDeletion = (plans: readonly DeletionPlan[]): DeletionSummary => {
  const uploads = new Map(
    plans
      .filter(({ confirmation }) => confirmation.scope === "upload")
      .map((plan) => [plan.video.key, plan] as const),
  );
  const requests = plans.filter((plan) => (uploads.get(plan.video.key) ?? plan) === plan);
  const sum = (read: (confirmation: Confirmation) => number): number =>
    requests.reduce((total, { confirmation }) => total + read(confirmation), 0);
  return {
    requests,
    removedIds: new Map(
      requests.map((request) => [
        request.video.id,
        plans
          .filter((plan) => (uploads.get(plan.video.key) ?? plan) === request)
          .map(({ video }) => video.id),
      ]),
    ),
    sources: sum(({ sources }) => sources.count),
    outputs: sum(({ outputs }) => outputs.count),
    bytes: sum(({ sources, outputs }) => sources.bytes + outputs.bytes),
  };
};

/** Describes what is removed, e.g. `3 uploads, 42 outputs, 1.2 GB`. */
export const describeDeletion = ({ sources, outputs, bytes }: DeletionSummary): string =>
  [formatCount(sources, "upload"), formatCount(outputs, "output"), formatBytes(bytes)].join(", ");
