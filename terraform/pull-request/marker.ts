import { type PlanSummary, parseSummary, pickHashes } from "./summary.ts";

/** What a comment is about, said where readers do not see it, so that it is found and updated. */
export const renderMarker = (kind: "plan" | "next" | "drift", stage: string): string =>
  `<!-- reelway-${kind} ${stage} -->`;

/** A summary's hashes as a line that readers do not see. */
export const renderHashes = (summary: PlanSummary): string =>
  // The end of a comment in HTML can stand in no JSON that has its `>` escaped.
  `<!-- reelway-hashes ${JSON.stringify(pickHashes(summary)).replaceAll(">", "\\u003e")} -->`;

/**
 * Reads the hashes from a comment.
 *
 * @returns undefined where the comment is about something else
 * @throws InvalidSummaryError where the hashes were damaged
 */
export const parseHashes = (body: string, stage: string): PlanSummary | undefined => {
  // Only the first two lines are ours to trust: what follows quotes names and values of the plan.
  const [first, second = ""] = body.split(/\r?\n/);
  const hashesJson = /^<!-- reelway-hashes (.*) -->$/.exec(second)?.[1];
  if (
    hashesJson === undefined ||
    (first !== renderMarker("plan", stage) && first !== renderMarker("next", stage))
  )
    return undefined;
  const summary = parseSummary(hashesJson);
  return summary.stage === stage ? summary : undefined;
};
