import { hashesOnly, type PlanSummary, parseSummary } from "./summary.ts";

/** What a comment is about, said where readers do not see it, so that it is found and updated. */
export const marker = (kind: "plan" | "next" | "drift", stage: string): string =>
  `<!-- reelway-${kind} ${stage} -->`;

/** A summary's hashes as a line that readers do not see. */
export const hiddenHashes = (summary: PlanSummary): string =>
  // The end of a comment in HTML can stand in no JSON that has its `>` escaped.
  `<!-- reelway-hashes ${JSON.stringify(hashesOnly(summary)).replaceAll(">", "\\u003e")} -->`;

/**
 * Reads the hashes from a comment.
 *
 * @returns undefined where the comment is about something else
 * @throws UnusableSummary where the hashes were damaged
 */
export const readHashes = (body: string, stage: string): PlanSummary | undefined => {
  // Only the first two lines are ours to trust: what follows quotes names and values of the plan.
  const [first, second = ""] = body.split(/\r?\n/);
  const hidden = /^<!-- reelway-hashes (.*) -->$/.exec(second)?.[1];
  if (hidden === undefined || (first !== marker("plan", stage) && first !== marker("next", stage)))
    return undefined;
  const summary = parseSummary(hidden);
  return summary.stage === stage ? summary : undefined;
};
