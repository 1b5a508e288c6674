import * as z from "zod";
import type { GitHub } from "./github.ts";
import { marker, readHashes } from "./marker.ts";
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

/** The author that GitHub gives to what a workflow writes. */
export const workflowAuthor = "github-actions[bot]";

/** Our comments of a pull request: anyone may write a marker, but not under our name. */
const ownComments = async (github: GitHub, pull: number, author: string) =>
  commentSchema
    .array()
    .parse(await github.list(`issues/${pull}/comments`))
    .filter(({ user }) => user?.login === author);

/**
 * Writes a comment, or updates the one that stands there with the same marker.
 *
 * @param body its first line is the marker
 */
export const putComment = async (
  github: GitHub,
  pull: number,
  body: string,
  author: string,
): Promise<"written" | "updated"> => {
  const [first] = body.split("\n");
  const known = (await ownComments(github, pull, author)).find(
    (comment) => comment.body?.split(/\r?\n/)[0] === first,
  );
  if (known === undefined) {
    await github.send("POST", `issues/${pull}/comments`, { body });
    return "written";
  }
  await github.send("PATCH", `issues/comments/${known.id}`, { body });
  return "updated";
};

/** The pull request that a commit of main came from; undefined where it was pushed without one. */
export const mergedPull = async (github: GitHub, commit: string) => {
  const pulls = pullSchema.array().parse(await github.list(`commits/${commit}/pulls`));
  return pulls.find((pull) => pull.merged_at && pull.merge_commit_sha === commit);
};

/** What was found of a review. */
export type FoundReview =
  | { readonly summary: PlanSummary; readonly pull: number }
  | { readonly summary: undefined; readonly why: string };

/**
 * Finds the reviewed hashes of a commit of main in the comment of its pull request.
 *
 * @throws UnusableSummary where the comment was damaged
 */
export const findReview = async (
  github: GitHub,
  commit: string,
  stage: string,
  author: string,
): Promise<FoundReview> => {
  const nothing = (why: string): FoundReview => ({ summary: undefined, why });
  const pull = await mergedPull(github, commit);
  if (pull === undefined) return nothing(`${commit.slice(0, 12)} is the merge of no pull request`);
  const comment = (await ownComments(github, pull.number, author)).find(({ body }) =>
    body?.startsWith(marker("plan", stage)),
  );
  const summary = comment?.body ? readHashes(comment.body, stage) : undefined;
  if (summary === undefined) return nothing(`pull request ${pull.number} has no plan of ${stage}`);
  if (summary.commit !== pull.head.sha)
    return nothing(`the plan in pull request ${pull.number} is not of its last commit`);
  return { summary, pull: pull.number };
};
