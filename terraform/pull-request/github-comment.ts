import * as z from "zod";
import type { GitHub } from "./github.ts";
import { parseHashes, renderMarker } from "./marker.ts";
import type { PlanSummary } from "./summary.ts";

const commentSchema = z.object({
  id: z.int(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});
const pullSchema = z.object({
  number: z.int(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
});

/** Lists the comments of one author: anyone can write a marker, but not under this login. */
const listOwnComments = async (github: GitHub, pullNumber: number, author: string) =>
  commentSchema
    .array()
    .parse(await github.list(`issues/${pullNumber}/comments`))
    .filter(({ user }) => user?.login === author);

/**
 * Creates a comment, or updates the existing one with the same marker.
 *
 * @param body first line is the marker
 */
export const upsertComment = async (
  github: GitHub,
  pullNumber: number,
  body: string,
  author: string,
): Promise<"created" | "updated"> => {
  const [first] = body.split("\n");
  const existing = (await listOwnComments(github, pullNumber, author)).find(
    (comment) => comment.body?.split(/\r?\n/)[0] === first,
  );
  if (existing === undefined) {
    await github.send("POST", `issues/${pullNumber}/comments`, { body });
    return "created";
  }
  await github.send("PATCH", `issues/comments/${existing.id}`, { body });
  return "updated";
};

/** Finds the pull request whose merge created a commit; undefined if no merge created it. */
export const findMergedPull = async (github: GitHub, commit: string) => {
  const pulls = pullSchema.array().parse(await github.list(`commits/${commit}/pulls`));
  return pulls.find((pullNumber) => pullNumber.merged_at && pullNumber.merge_commit_sha === commit);
};

/** Result of `findReview`. */
export type ReviewLookup =
  | { readonly summary: PlanSummary; readonly pullNumber: number }
  | { readonly summary: undefined; readonly reason: string };

/**
 * Finds the reviewed hashes of a commit on main in the comment of its pull request.
 *
 * @throws InvalidSummaryError if the comment is damaged
 */
export const findReview = async (
  github: GitHub,
  commit: string,
  stage: string,
  author: string,
): Promise<ReviewLookup> => {
  const notFound = (reason: string): ReviewLookup => ({ summary: undefined, reason });
  const pullNumber = await findMergedPull(github, commit);
  if (pullNumber === undefined)
    return notFound(`${commit.slice(0, 12)} is not the merge commit of a pull request`);
  const comment = (await listOwnComments(github, pullNumber.number, author)).find(({ body }) =>
    body?.startsWith(renderMarker("plan", stage)),
  );
  const summary = comment?.body ? parseHashes(comment.body, stage) : undefined;
  if (summary === undefined) return notFound(`pull request ${pullNumber.number} has no plan of ${stage}`);
  if (summary.commit !== pullNumber.head.sha)
    return notFound(`the plan in pull request ${pullNumber.number} does not belong to its last commit`);
  return { summary, pullNumber: pullNumber.number };
};
