import { codeSpan } from "../review/markdown.ts";
import { renderReview } from "../review/render.ts";
import type { Review } from "../review/review.ts";
import { bodyLimit } from "./body.ts";
import { hiddenHashes, marker } from "./marker.ts";
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
const waitingText = ({ waitsFor = [] }: StackSummary, quote: (name: string) => string): string => {
  if (waitsFor.length === 0) return "not reviewed yet";
  const outputs = waitsFor.map(({ stack, outputs: names }) =>
    names.length === 0 ? `the state of ${stack}` : names.map(quote).join(", "),
  );
  return `planned after ${waitsFor.map(({ stack }) => stack).join(", ")}, waits for ${outputs.join(", ")}`;
};

const countsText = ({ counts }: StackSummary): string => {
  const told = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  return told.map(([name, count]) => `${count} to ${name}`).join(", ") || "only outputs change";
};

/**
 * What is said of a stack in a line.
 *
 * @param quote how the name of an output is shown
 */
export const statusText = (stack: StackSummary, quote: (name: string) => string): string => {
  if (stack.status === "waits") return waitingText(stack, quote);
  if (stack.status === "unchanged") return "no change";
  return stack.counts === undefined ? "changes as reviewed" : countsText(stack);
};

const head = (kind: "plan" | "next", summary: PlanSummary): string => {
  const { stage, commit, stacks } = summary;
  return [
    marker(kind, stage),
    hiddenHashes(summary),
    `# ${kind === "plan" ? `Plan of ${stage}` : `${stage}: what awaits its own approval`}${commit === undefined ? "" : ` at ${codeSpan(commit.slice(0, 12))}`}`,
    "",
    "| Stack | What is done | Hash |",
    "|---|---|---|",
    ...stacks.map(
      (stack) =>
        `| ${stack.name} | ${statusText(stack, codeSpan)} | ${stack.hash === undefined ? "" : codeSpan(stack.hash.slice(0, 12))} |`,
    ),
    ...(stacks.some(({ status }) => status === "waits")
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
 * @param limit characters
 */
export const renderComment = (
  kind: "plan" | "next",
  { summary, reviews, pointer }: CommentParts,
  limit = bodyLimit,
): string => {
  const top = `${head(kind, summary)}\n`;
  if (reviews.length === 0) return top;
  const whole = `${top}\n${renderReview(reviews)}`;
  if (whole.length <= limit) return whole;
  const foot = `\n**The review was cut.** ${pointer}\n`;
  const review = renderReview(reviews, { longest: limit - top.length - foot.length - 1 });
  return `${top}\n${review}${foot}`;
};
