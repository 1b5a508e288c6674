import * as z from "zod";
import type { GitHub } from "./github.ts";
import { renderMarker } from "./marker.ts";

const issuesSchema = z.array(
  z.object({ number: z.int(), body: z.string().nullish(), pull_request: z.unknown().optional() }),
);

/** Label of drift issues. */
export const driftLabel = "drift";

/**
 * Opens, updates or closes the drift issue of a stage.
 *
 * @param body first line is the marker; undefined without drift
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
