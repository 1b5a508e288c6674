import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { renderStatus } from "../../terraform/pull-request/comment.ts";
import { type GitHub, openGitHub } from "../../terraform/pull-request/github.ts";
import { findMergedPull, findReview, upsertComment } from "../../terraform/pull-request/github-comment.ts";
import { syncDriftIssue } from "../../terraform/pull-request/github-issue.ts";
import { formatJson } from "../../terraform/pull-request/plan-files.ts";
import {
  addDetails,
  createEmptyReview,
  hasPendingWork,
} from "../../terraform/pull-request/review-summary.ts";
import { type PlanSummary, parseSummary, pickHashes } from "../../terraform/pull-request/summary.ts";
import { report } from "./stage.ts";

/** Reads a text file; undefined if it does not exist. */
const readIfExists = (path: string): Promise<string | undefined> =>
  readFile(path, "utf8").catch((cause: unknown) => {
    if (getSystemErrorCode(cause) === "ENOENT") return undefined;
    throw cause;
  });

const readRequired = async (path: string, createCommand: string): Promise<string> => {
  const text = await readIfExists(path);
  if (text === undefined)
    throw new CommandError(`File ${path} does not exist. Create it with: ${createCommand}`);
  return text;
};

/** Options of `reelway github comment`. */
export interface CommentOptions {
  readonly stage: string;
  readonly pull: number;
  readonly dir: string;
  readonly author: string;
}

/** Creates or updates the plan comment of a pull request. */
export const comment = async ({ stage, pull, dir, author }: CommentOptions): Promise<void> => {
  const body = await readRequired(join(dir, "comment.md"), `npx reelway plan --stage ${stage} --out ${dir}`);
  const outcome = await upsertComment(openGitHub(), pull, body, author);
  process.stdout.write(`The plan comment of ${stage} was ${outcome} in pull request ${pull}.\n`);
};

/** Downloads the summary with the hashed changes from the run's artifact; undefined once the artifact has expired. */
const downloadSummary = async (
  github: GitHub,
  { run, stage }: PlanSummary,
  kind: "plan" | "next",
): Promise<PlanSummary | undefined> => {
  if (run === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), "reelway-artifact-"));
  try {
    if (!(await github.download(run, `${kind}-${stage}`, folder))) return undefined;
    const text = await readIfExists(join(folder, "summary.json"));
    return text === undefined ? undefined : parseSummary(text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Options of `reelway github find-review`. */
export interface FindReviewOptions {
  readonly stage: string;
  readonly commit: string;
  readonly out: string;
  readonly author: string;
  readonly hashes?: string;
}

/** Writes the review of a commit on main. */
export const writeReviewSummary = async ({
  stage,
  commit,
  out,
  author,
  hashes,
}: FindReviewOptions): Promise<void> => {
  const github = openGitHub();
  let summary = createEmptyReview(stage);
  if (hashes) {
    const reviewedHashes = parseSummary(hashes);
    if (reviewedHashes.stage !== stage)
      throw new CommandError(`The hashes are of the stage ${reviewedHashes.stage}, not of ${stage}.`);
    summary = addDetails(reviewedHashes, await downloadSummary(github, reviewedHashes, "next"));
  } else {
    const review = await findReview(github, commit, stage, author);
    if (review.summary === undefined)
      report(`No review was found: ${review.reason}. Each stack needs its own approval.`);
    else summary = addDetails(review.summary, await downloadSummary(github, review.summary, "plan"));
  }
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, formatJson(summary));
  const lines = summary.stacks.map((stack) => `${stack.name}: ${renderStatus(stack, (name) => name)}`);
  process.stdout.write(`${lines.join("\n") || "no stack was reviewed"}\n`);
  // Shown to the person who approves the environment.
  const stepSummaryPath = process.env.GITHUB_STEP_SUMMARY;
  if (stepSummaryPath)
    await appendFile(
      stepSummaryPath,
      [`## Changes to apply to ${stage}`, "", ...lines.map((line) => `- ${line}`), ""].join("\n"),
    );
  const outputPath = process.env.GITHUB_OUTPUT;
  if (outputPath) await appendFile(outputPath, `work=${hasPendingWork(summary)}\n`);
};

/** Options of `reelway github redispatch`. */
export interface RedispatchOptions {
  readonly stage: string;
  readonly commit: string;
  readonly next: string;
  readonly author: string;
  readonly workflow: string;
  readonly ref: string;
}

/** Posts the review of stacks that need another approval and dispatches the deploy workflow again. */
export const redispatch = async ({
  stage,
  commit,
  next,
  author,
  workflow,
  ref,
}: RedispatchOptions): Promise<void> => {
  const text = await readIfExists(join(next, "summary.json"));
  if (text === undefined) {
    process.stdout.write(`No stack of ${stage} needs another approval. No action needed.\n`);
    return;
  }
  const summary = parseSummary(text);
  const body = await readRequired(
    join(next, "comment.md"),
    `npx reelway apply --stage ${stage} --next ${next} …`,
  );
  const github = openGitHub();
  const pull = await findMergedPull(github, commit);
  if (pull !== undefined) await upsertComment(github, pull.number, body, author);
  const stepSummaryPath = process.env.GITHUB_STEP_SUMMARY;
  if (stepSummaryPath) await appendFile(stepSummaryPath, body);
  await github.send("POST", `actions/workflows/${workflow}/dispatches`, {
    ref,
    inputs: { stage, reviewed: JSON.stringify(pickHashes(summary)) },
  });
  process.stdout.write(
    `${workflow} was dispatched again for ${stage}; it waits for the approval of the environment.\n`,
  );
};

/** Options of `reelway github drift`. */
export interface DriftIssueOptions {
  readonly stage: string;
  readonly dir: string;
}

/** Opens, updates or closes the drift issue of a stage. */
export const updateDriftIssue = async ({ stage, dir }: DriftIssueOptions): Promise<void> => {
  await readRequired(join(dir, "drift.json"), `npx reelway drift --stage ${stage} --out ${dir}`);
  const outcome = await syncDriftIssue(openGitHub(), stage, await readIfExists(join(dir, "drift.md")));
  process.stdout.write(
    outcome === "nothing" ? `${stage} has not drifted.\n` : `The drift issue of ${stage} was ${outcome}.\n`,
  );
};
