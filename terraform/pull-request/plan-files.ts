import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderReview } from "../review/render.ts";
import { type Review, reviewPlan } from "../review/review.ts";
import { renderComment } from "./comment.ts";
import type { PlannedStack } from "./plan-stack.ts";
import { type PlanSummary, type StackSummary, summariseStack } from "./summary.ts";
import type { WorkflowRun } from "./workflow-run.ts";

/** Options of `writePlanFiles`. */
export interface PlanFilesOptions {
  readonly directory: string;
  readonly stage: string;
  readonly commit: string | undefined;
  readonly run: WorkflowRun | undefined;
  /** `plan` for a pull request, `next` for stacks that need another approval. */
  readonly kind: "plan" | "next";
}

/** Formats JSON with indentation. */
export const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Builds a plan summary. */
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
    ? `The full review is in the Markdown files of ${directory}.`
    : `The full review is in the artifact of [this run](${run.url}), one Markdown file per stack of ${stage}.`;

/**
 * Writes the files of a plan: `summary.json`, `comment.md`, and for each stack with a plan `STACK.md`, the full review,
 * and `STACK.json`, Terraform's document, which contains secrets in plain text and is readable for this user only.
 *
 * @param completed stacks before these, without changes
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
    // Remove the files of an earlier plan.
    for (const path of [json, markdown]) if (path !== undefined) await rm(path, { force: true });
    if (plan === undefined || pendingDependencies.length > 0 || json === undefined || markdown === undefined)
      continue;
    await writeFile(json, formatJson(plan.document), { mode: 0o600 });
    const review = reviewPlan(plan.document, { name: stack.stack });
    await writeFile(markdown, renderReview([review]));
    // For a stack without changes, its line in the table is enough.
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
