import type { JobDocument } from "../../pipeline/api/job-document.ts";
import { toPrintable } from "../../pipeline/text/format.ts";

/** Renders the number of jobs per route and status, with the error code if they have one, most jobs first. */
export const renderJobCounts = (jobs: readonly Pick<JobDocument, "route" | "status" | "error">[]): string => {
  const counts = new Map<string, number>();
  for (const { route, status, error } of jobs) {
    const code = error === null ? "" : ` ${error.code} ${error.name}`;
    const group = `${route ?? "without a route"}  ${status}${code}`;
    counts.set(group, (counts.get(group) ?? 0) + 1);
  }
  const width = String(Math.max(...counts.values())).length;
  return [...counts]
    .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || a.localeCompare(b))
    .map(([group, count]) => `${String(count).padStart(width)}  ${toPrintable(group)}\n`)
    .join("");
};
