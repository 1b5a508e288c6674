import type { components } from "../api/schema.ts";

type Job = components["schemas"]["Job"];

/**
 * Picks the job of an upload among the jobs of its key: the first one since the upload started that no other upload
 * has.
 *
 * @param jobs newest first
 * @param startedAtMs by the server's clock, milliseconds since 1970
 * @param claimedIds ids of the jobs of other uploads
 */
export const pickJob = <Candidate extends Pick<Job, "id" | "createdAt">>(
  jobs: readonly Candidate[],
  startedAtMs: number,
  claimedIds: readonly string[],
): Candidate | undefined =>
  jobs.filter(({ id, createdAt }) => Date.parse(createdAt) >= startedAtMs && !claimedIds.includes(id)).at(-1);
