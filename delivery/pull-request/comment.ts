import { code, fitBody } from "./markdown.ts";
import { hiddenHashes, marker } from "./marker.ts";
import type { PlanSummary, StackSummary } from "./summary.ts";

/** What a review of the state is made of: the summary, and the Markdown of each stack that has a plan. */
export interface CommentParts {
  readonly summary: PlanSummary;
  /** By the stack's name. */
  readonly reviews: ReadonlyMap<string, string>;
  /** A sentence that says where the whole of it is, for a comment that had to be cut. */
  readonly pointer: string;
}

/** `planned after storage, waits for media_key_arn` */
export const waitingText = ({ waitsFor = [] }: StackSummary, quote = code): string => {
  if (waitsFor.length === 0) return "not reviewed";
  const stacks = waitsFor.map(({ stack }) => stack).join(", ");
  const outputs = waitsFor.map(({ stack, outputs }) =>
    outputs.length === 0 ? `the state of ${stack}` : outputs.map((name) => quote(name)).join(", "),
  );
  return `planned after ${stacks}, waits for ${outputs.join(", ")}`;
};

const countsText = ({ counts }: StackSummary): string => {
  const told = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  return told.map(([name, count]) => `${count} to ${name}`).join(", ") || "only outputs change";
};

/** What is said of a stack in a line, as in the summary's table. */
export const statusText = (stack: StackSummary, quote = code): string => {
  if (stack.status === "waits") return waitingText(stack, quote);
  return stack.status === "unchanged" ? "no change" : countsText(stack);
};

const head = (kind: "plan" | "next", { summary }: CommentParts): string => {
  const { stage, commit, stacks } = summary;
  const waiting = stacks.some(({ status }) => status === "waits");
  const title = kind === "plan" ? `Plan of ${stage}` : `${stage}: what awaits its own approval`;
  return [
    marker(kind, stage),
    hiddenHashes(summary),
    `## ${title}${commit === undefined ? "" : ` at ${code(commit.slice(0, 12))}`}`,
    "",
    "| Stack | What is done | Hash |",
    "|---|---|---|",
    ...stacks.map(
      (stack) =>
        `| ${stack.name} | ${statusText(stack)} | ${stack.hash === undefined ? "" : code(stack.hash.slice(0, 12))} |`,
    ),
    ...(waiting
      ? [
          "",
          "A stack that waits is planned again once the stacks before it are applied, and approved by itself.",
        ]
      : []),
  ].join("\n");
};

/**
 * Makes the one comment of a stage: a table of the stacks, then each review, cut to what GitHub takes.
 *
 * @param kind `plan` for a pull request, `next` for stacks whose turn has come after others were applied
 */
export const renderComment = (kind: "plan" | "next", parts: CommentParts): string =>
  fitBody(
    head(kind, parts),
    parts.summary.stacks.flatMap(({ name, status }) => {
      const review = status === "planned" ? parts.reviews.get(name) : undefined;
      return review === undefined ? [] : [`### ${name}\n\n${review.trim()}`];
    }),
    parts.pointer,
  );
