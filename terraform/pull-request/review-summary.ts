import type { PlanSummary } from "./summary.ts";

/** Creates a review without stacks: each stack then needs its own approval. */
export const createEmptyReview = (stage: string): PlanSummary => ({ version: 1, stage, stacks: [] });

/**
 * Adds the hashed changes to reviewed hashes, so that differences can be shown. Only changes with the same hash are used,
 * so a manipulated artifact cannot change the decision.
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

/** Whether a stack must be applied, or planned for its own approval. */
export const hasPendingWork = ({ stacks }: PlanSummary): boolean =>
  stacks.length === 0 || stacks.some(({ status }) => status !== "unchanged");
