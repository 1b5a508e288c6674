import type { PlanSummary } from "./summary.ts";

/** A review of nothing: each stack awaits its own approval. */
export const createEmptyReview = (stage: string): PlanSummary => ({ version: 1, stage, stacks: [] });

/**
 * Adds to reviewed hashes what they were made of, so that a difference can be told; only where the hash is the same,
 * so that whoever could change the details could change no decision.
 */
export const addDetails = (reviewed: PlanSummary, details: PlanSummary | undefined): PlanSummary => ({
  ...reviewed,
  stacks: reviewed.stacks.map((stack) => {
    const match = details?.stacks.find(({ name, hash }) => name === stack.name && hash === stack.hash);
    return match?.hash === undefined || match.changes === undefined
      ? stack
      : { ...stack, counts: match.counts, changes: match.changes };
  }),
});

/** Whether anything is to be applied, or to be planned for its own approval. */
export const hasPendingWork = ({ stacks }: PlanSummary): boolean =>
  stacks.length === 0 || stacks.some(({ status }) => status !== "unchanged");
