import { type PlanSummary, parseSummary, pickHashes } from "./summary.ts";

/** Renders the invisible first line that identifies a comment. */
export const renderMarker = (kind: "plan" | "next" | "drift", stage: string): string =>
  `<!-- reelway-${kind} ${stage} -->`;

/** Renders a summary's hashes as an invisible line. */
export const renderHashes = (summary: PlanSummary): string =>
  // With `>` escaped, the JSON cannot contain the end of an HTML comment.
  `<!-- reelway-hashes ${JSON.stringify(pickHashes(summary)).replaceAll(">", "\\u003e")} -->`;

/**
 * Parses the hashes of a comment.
 *
 * @returns undefined for other comments
 * @throws InvalidSummaryError if the hashes are damaged
 */
export const parseHashes = (body: string, stage: string): PlanSummary | undefined => {
  // Only the first two lines are trusted: the rest quotes names and values of the plan.
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
