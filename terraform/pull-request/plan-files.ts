import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderReview } from "../review/render.ts";
import { type Review, reviewPlan } from "../review/review.ts";
import { renderComment } from "./comment.ts";
import type { PlannedStack } from "./plan-stack.ts";
import { type PlanSummary, type StackSummary, summariseStack } from "./summary.ts";
import type { WorkflowRun } from "./workflow-run.ts";

/** What is written of a plan. */
export interface PlanFilesOptions {
  readonly directory: string;
  readonly stage: string;
  readonly commit: string | undefined;
  readonly run: WorkflowRun | undefined;
  /** `next`: stacks whose turn has come after others were applied. */
  readonly kind: "plan" | "next";
}

/** JSON as people read it. */
export const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Puts a summary together. */
export const buildSummary = (
  { stage, commit, run }: Pick<PlanFilesOptions, "stage" | "commit" | "run">,
  stacks: readonly StackSummary[],
): PlanSummary => ({
  version: 1,
  stage,
  ...(commit !== undefined && { commit }),
  ...(run !== undefined && { run: run.id }),
  stacks: [...stacks],
});

const describeReviewLocation = (stage: string, directory: string, run: WorkflowRun | undefined): string =>
  run === undefined
    ? `The whole review is in the Markdown files of ${directory}.`
    : `The whole review is in the artifact of [this run](${run.url}), a Markdown file for each stack of ${stage}.`;

/**
 * Writes what was planned: `summary.json`, `comment.md`, and for each stack with a plan `STACK.md`, the whole review,
 * and `STACK.json`, Terraform's own document, which holds secrets in plain text and is for this user alone.
 *
 * @param completed stacks that come before and are done
 */
export const writePlanFiles = async (
  planned: readonly PlannedStack[],
  options: PlanFilesOptions,
  completed: readonly StackSummary[] = [],
): Promise<PlanSummary> => {
  const { directory, stage, run, kind } = options;
  await mkdir(directory, { recursive: true });
  const reviews: Review[] = [];
  for (const { stack, pendingDependencies, plan } of planned) {
    const [json, markdown] = ["json", "md"].map((kind) => join(directory, `${stack.stack}.${kind}`));
    // What an earlier plan left there would be taken for this one's.
    for (const path of [json, markdown]) if (path !== undefined) await rm(path, { force: true });
    if (plan === undefined || pendingDependencies.length > 0 || json === undefined || markdown === undefined)
      continue;
    await writeFile(json, formatJson(plan.document), { mode: 0o600 });
    const review = reviewPlan(plan.document, { name: stack.stack });
    await writeFile(markdown, renderReview([review]));
    // Of a stack to which nothing is done the table says all.
    if (plan.changes.length > 0) reviews.push(review);
  }
  const summary = buildSummary(options, [...completed, ...planned.map(summariseStack)]);
  await writeFile(join(directory, "summary.json"), formatJson(summary));
  await writeFile(
    join(directory, "comment.md"),
    renderComment(kind, { summary, reviews, pointer: describeReviewLocation(stage, directory, run) }),
  );
  return summary;
};
