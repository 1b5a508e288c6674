import { codeSpan } from "../review/markdown.ts";
import { renderReview } from "../review/render.ts";
import type { Review } from "../review/review.ts";
import { maxBodyLength } from "./body.ts";
import { renderHashes, renderMarker } from "./marker.ts";
import type { PlanSummary, StackSummary } from "./summary.ts";

/** What a comment is made of. */
export interface CommentParts {
  readonly summary: PlanSummary;
  /** Of each stack that has a plan. */
  readonly reviews: readonly Review[];
  /** A sentence that says where the whole of it is, for a comment that had to be cut. */
  readonly pointer: string;
}

/** `planned after storage, waits for media_key_arn` */
const renderPending = (
  { pendingDependencies = [] }: StackSummary,
  formatName: (name: string) => string,
): string => {
  if (pendingDependencies.length === 0) return "not reviewed yet";
  const outputs = pendingDependencies.map(({ stack, outputs: names }) =>
    names.length === 0 ? `the state of ${stack}` : names.map(formatName).join(", "),
  );
  return `planned after ${pendingDependencies.map(({ stack }) => stack).join(", ")}, waits for ${outputs.join(", ")}`;
};

const renderCounts = ({ counts }: StackSummary): string => {
  const nonZeroCounts = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  return nonZeroCounts.map(([name, count]) => `${count} to ${name}`).join(", ") || "only outputs change";
};

/**
 * What is said of a stack in a line.
 *
 * @param formatName how the name of an output is shown
 */
export const renderStatus = (stack: StackSummary, formatName: (name: string) => string): string => {
  if (stack.status === "pending") return renderPending(stack, formatName);
  if (stack.status === "unchanged") return "no change";
  return stack.counts === undefined ? "changes as reviewed" : renderCounts(stack);
};

const renderHeader = (kind: "plan" | "next", summary: PlanSummary): string => {
  const { stage, commit, stacks } = summary;
  return [
    renderMarker(kind, stage),
    renderHashes(summary),
    `# ${kind === "plan" ? `Plan of ${stage}` : `${stage}: what awaits its own approval`}${commit === undefined ? "" : ` at ${codeSpan(commit.slice(0, 12))}`}`,
    "",
    "| Stack | What is done | Hash |",
    "|---|---|---|",
    ...stacks.map(
      (stack) =>
        `| ${stack.name} | ${renderStatus(stack, codeSpan)} | ${stack.hash === undefined ? "" : codeSpan(stack.hash.slice(0, 12))} |`,
    ),
    ...(stacks.some(({ status }) => status === "pending")
      ? [
          "",
          "A stack that waits is planned again once the stacks before it are applied, and approved by itself.",
        ]
      : []),
  ].join("\n");
};

/**
 * Makes the one comment of a stage: a table of the stacks, then their review, cut to what GitHub takes.
 *
 * @param kind `plan` for a pull request, `next` for stacks whose turn has come after others were applied
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
  const footer = `\n**The review was cut.** ${pointer}\n`;
  const review = renderReview(reviews, { maxLength: maxLength - header.length - footer.length - 1 });
  return `${header}\n${review}${footer}`;
};
