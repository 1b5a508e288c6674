import * as z from "zod";
import type { GitHub } from "./github.ts";
import { renderMarker } from "./marker.ts";

const issuesSchema = z.array(
  z.object({ number: z.int(), body: z.string().nullish(), pull_request: z.unknown().optional() }),
);

/** Label of the issues that tell of drift. */
export const driftLabel = "drift";

/**
 * Opens the one issue that tells of a stage's drift, updates it, or closes it when the drift is gone.
 *
 * @param body undefined where nothing drifts; else its first line is the marker
 */
export const syncDriftIssue = async (
  github: GitHub,
  stage: string,
  body: string | undefined,
): Promise<"opened" | "updated" | "closed" | "nothing"> => {
  const issues = issuesSchema.parse(await github.list(`issues?state=open&labels=${driftLabel}`));
  const existing = issues.find(
    (issue) =>
      issue.pull_request === undefined && issue.body?.split(/\r?\n/)[0] === renderMarker("drift", stage),
  );
  if (body === undefined) {
    if (existing === undefined) return "nothing";
    await github.send("PATCH", `issues/${existing.number}`, { state: "closed", state_reason: "completed" });
    return "closed";
  }
  if (existing !== undefined) {
    await github.send("PATCH", `issues/${existing.number}`, { body });
    return "updated";
  }
  await github.send("POST", "issues", { title: `Drift in ${stage}`, body, labels: [driftLabel] });
  return "opened";
};
