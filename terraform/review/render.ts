import { countedActions, sumCounts } from "./action.ts";
import { codeCell, codeSpan } from "./markdown.ts";
import { renderCounts, renderStack } from "./render-stack.ts";
import type { Review } from "./review.ts";

/** Options of `renderReview`. */
export interface RenderOptions {
  /** Maximum length in characters, e.g. 65,536 for a comment on GitHub. @default no limit */
  readonly maxLength?: number;
}

const renderTotals = (reviews: readonly Review[]): readonly string[] => {
  const usedActions = countedActions.filter((action) => reviews.some(({ counts }) => counts[action] > 0));
  if (reviews.length < 2 || usedActions.length === 0) return [];
  return [
    `| Stack | ${usedActions.join(" | ")} |`,
    `|---|${usedActions.map(() => "---:").join("|")}|`,
    ...reviews.map(
      ({ name, counts }) =>
        `| ${codeCell(name)} | ${usedActions.map((action) => (counts[action] === 0 ? "" : counts[action])).join(" | ")} |`,
    ),
    "",
  ];
};

const renderBlocked = (reviews: readonly Review[]): readonly string[] => {
  const blockedResources = reviews.flatMap((review) =>
    review.blockedAddresses.map((address) => ({
      name: review.name,
      address,
      lost:
        review.resources.find((one) => one.address === address && one.dataLoss?.isAllowed === false)?.dataLoss
          ?.consequence ?? "",
    })),
  );
  if (blockedResources.length === 0) return [];
  return [
    "> [!CAUTION]",
    "> **This plan destroys stateful resources.** Before you apply it, allow each address with `--allow-destroy`:",
    ...blockedResources.map(
      ({ name, address, lost }) => `> - ${codeSpan(address)} in ${codeSpan(name)}: ${lost}`,
    ),
    "",
  ];
};

/** Renders the numbers of critical findings in one line. */
const renderAttention = (reviews: readonly Review[]): readonly string[] => {
  const sumOver = (of: (review: Review) => number): number => reviews.reduce((sum, one) => sum + of(one), 0);
  const findings = [
    [
      sumOver(
        ({ access, accessDrift }) =>
          [...access, ...accessDrift].filter(({ risks }) => risks.length > 0).length,
      ),
      "broad permissions",
    ],
    [sumOver(({ exposures }) => exposures.length), "exposures to the internet"],
    [sumOver(({ lostProtections }) => lostProtections.length), "protections removed"],
    [
      sumOver(
        ({ drift }) => drift.filter((one) => one.kind !== "changed" || one.attributes.length > 0).length,
      ),
      "resources changed outside Terraform",
    ],
  ] as const;
  const parts = findings.flatMap(([number, what]) => (number === 0 ? [] : [`${what}: ${number}`]));
  return parts.length === 0 ? [] : [`⚠️ Check these: ${parts.join(" · ")}`, ""];
};

const renderAll = (reviews: readonly Review[], details: boolean): readonly string[] => {
  const counts = sumCounts(reviews.map((review) => review.counts));
  const failed = reviews.filter(({ errored }) => errored);
  const versions = [...new Set(reviews.flatMap(({ terraformVersion }) => terraformVersion ?? []))];
  const parts = [
    ...(failed.length > 0 && failed.length === reviews.length ? [] : [renderCounts(counts)]),
    ...(failed.length === 0
      ? []
      : [`planning failed for ${failed.map(({ name }) => codeSpan(name)).join(", ")}`]),
  ];
  const heading = `**${reviews.length === 1 ? "1 stack" : `${reviews.length} stacks`}: ${parts.join("; ")}.**`;
  return [
    `${heading}${versions.length === 0 ? "" : ` Planned by Terraform ${versions.join(", ")}.`}`,
    "",
    ...renderTotals(reviews),
    ...renderBlocked(reviews),
    ...renderAttention(reviews),
    ...reviews.flatMap((review) => renderStack(review, details)),
  ];
};

const truncationNote = "*The review was truncated. To read all of it: `npx reelway review PLAN.json`.*";

/** Truncates at a line and closes an open section. */
const truncate = (lines: readonly string[], maxLength: number): string => {
  const kept: string[] = [];
  const footerLength = ["", "</details>", "", truncationNote, ""].join("\n").length;
  let length = footerLength;
  for (const line of lines) {
    length += line.length + 1;
    if (length > maxLength) break;
    kept.push(line);
  }
  const isDetailsOpen =
    kept.filter((line) => line === "<details>").length > kept.filter((line) => line === "</details>").length;
  return [...kept, "", ...(isDetailsOpen ? ["</details>", ""] : []), truncationNote, ""].join("\n");
};

/**
 * Renders the reviews of a pull request as Markdown, critical findings first. If it is too long, first attributes that do
 * not force a replacement are left out, then the end is truncated.
 */
export const renderReview = (
  reviews: readonly Review[],
  { maxLength = Number.POSITIVE_INFINITY }: RenderOptions = {},
): string => {
  const all = renderAll(reviews, true);
  const text = `${all.join("\n").trimEnd()}\n`;
  if (text.length <= maxLength) return text;
  const short = renderAll(reviews, false);
  const shorter = `${short.join("\n").trimEnd()}\n\n${truncationNote}\n`;
  return shorter.length <= maxLength ? shorter : truncate(short, maxLength);
};
