import { codeSpan } from "../review/markdown.ts";
import { renderReview } from "../review/render.ts";
import type { Review } from "../review/review.ts";
import { maxBodyLength } from "./body.ts";
import { renderHashes, renderMarker } from "./marker.ts";
import type { PlanSummary, StackSummary } from "./summary.ts";

/** Content of a plan comment. */
export interface CommentParts {
  readonly summary: PlanSummary;
  /** Reviews of the stacks with a plan. */
  readonly reviews: readonly Review[];
  /** A sentence with the location of the full review, for a truncated comment. */
  readonly pointer: string;
}

/** Renders e.g. `planned after storage, which outputs media_key_arn`. */
const renderPending = (
  { pendingDependencies = [] }: StackSummary,
  formatName: (name: string) => string,
): string => {
  if (pendingDependencies.length === 0) return "not reviewed yet";
  const outputs = pendingDependencies.map(({ stack, outputs: names }) =>
    names.length === 0 ? `the state of ${stack}` : names.map(formatName).join(", "),
  );
  return `pending: planned after ${pendingDependencies.map(({ stack }) => stack).join(", ")} is applied (needs ${outputs.join(", ")})`;
};

const renderCounts = ({ counts }: StackSummary): string => {
  const nonZeroCounts = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  return nonZeroCounts.map(([name, count]) => `${count} to ${name}`).join(", ") || "changes of outputs only";
};

/**
 * Describes the status of a stack in one line.
 *
 * @param formatName formats the name of an output
 */
export const renderStatus = (stack: StackSummary, formatName: (name: string) => string): string => {
  if (stack.status === "pending") return renderPending(stack, formatName);
  if (stack.status === "unchanged") return "no changes";
  return stack.counts === undefined ? "changes as reviewed" : renderCounts(stack);
};

const renderHeader = (kind: "plan" | "next", summary: PlanSummary): string => {
  const { stage, commit, stacks } = summary;
  return [
    renderMarker(kind, stage),
    renderHashes(summary),
    `# ${kind === "plan" ? `Plan of ${stage}` : `${stage}: stacks that need another approval`}${commit === undefined ? "" : ` at ${codeSpan(commit.slice(0, 12))}`}`,
    "",
    "| Stack | Changes | Hash |",
    "|---|---|---|",
    ...stacks.map(
      (stack) =>
        `| ${stack.name} | ${renderStatus(stack, codeSpan)} | ${stack.hash === undefined ? "" : codeSpan(stack.hash.slice(0, 12))} |`,
    ),
    ...(stacks.some(({ status }) => status === "pending")
      ? ["", "A pending stack is planned after the stacks before it are applied, and needs its own approval."]
      : []),
  ].join("\n");
};

/**
 * Renders the comment of a stage: a table of the stacks, then their reviews, truncated to GitHub's limit.
 *
 * @param kind `plan` for a pull request, `next` for stacks that need another approval after an apply
 * @param maxLength characters
 */
export const renderComment = (
  kind: "plan" | "next",
  { summary, reviews, pointer }: CommentParts,
  maxLength = maxBodyLength,
): string => {
  const header = `${renderHeader(kind, summary)}\n`;
  if (reviews.length === 0) return header;
  const fullText = `${header}\n${renderReview(reviews)}`;
  if (fullText.length <= maxLength) return fullText;
  const footer = `\n**The review was truncated.** ${pointer}\n`;
  const review = renderReview(reviews, { maxLength: maxLength - header.length - footer.length - 1 });
  return `${header}\n${review}${footer}`;
};
