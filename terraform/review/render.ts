import { countedActions, sumCounts } from "./action.ts";
import { codeCell, codeSpan } from "./markdown.ts";
import { countsInWords, renderStack } from "./render-stack.ts";
import type { Review } from "./review.ts";

export interface RenderOptions {
  /** Characters that the whole may have: a comment on GitHub holds 65,536. @default no limit */
  readonly longest?: number;
}

const totals = (reviews: readonly Review[]): readonly string[] => {
  const counted = countedActions.filter((action) => reviews.some(({ counts }) => counts[action] > 0));
  if (reviews.length < 2 || counted.length === 0) return [];
  return [
    `| Stack | ${counted.join(" | ")} |`,
    `|---|${counted.map(() => "---:").join("|")}|`,
    ...reviews.map(
      ({ name, counts }) =>
        `| ${codeCell(name)} | ${counted.map((action) => (counts[action] === 0 ? "" : counts[action])).join(" | ")} |`,
    ),
    "",
  ];
};

const stop = (reviews: readonly Review[]): readonly string[] => {
  const blocked = reviews.flatMap((review) =>
    review.blocked.map((address) => ({
      name: review.name,
      address,
      lost:
        review.resources.find((one) => one.address === address && one.loses?.allowed === false)?.loses
          ?.lost ?? "",
    })),
  );
  if (blocked.length === 0) return [];
  return [
    "> [!CAUTION]",
    "> **This destroys what no apply can make again.** Apply it only after naming each address with `--allow-destroy`:",
    ...blocked.map(({ name, address, lost }) => `> - ${codeSpan(address)} in ${codeSpan(name)}: ${lost}`),
    "",
  ];
};

/** What must not be overlooked further down, in a line. */
const attention = (reviews: readonly Review[]): readonly string[] => {
  const count = (of: (review: Review) => number): number => reviews.reduce((sum, one) => sum + of(one), 0);
  const told = [
    [
      count(
        ({ access, driftedAccess }) =>
          [...access, ...driftedAccess].filter(({ wide }) => wide.length > 0).length,
      ),
      "wide permissions",
    ],
    [count(({ openings }) => openings.length), "openings to the internet"],
    [count(({ protections }) => protections.length), "protections taken away"],
    [
      count(({ drift }) => drift.filter((one) => one.kind !== "changed" || one.attributes.length > 0).length),
      "resources changed outside Terraform",
    ],
  ] as const;
  const parts = told.flatMap(([number, what]) => (number === 0 ? [] : [`${what}: ${number}`]));
  return parts.length === 0 ? [] : [`⚠️ To look at: ${parts.join(" · ")}`, ""];
};

const whole = (reviews: readonly Review[], details: boolean): readonly string[] => {
  const counts = sumCounts(reviews.map((review) => review.counts));
  const failed = reviews.filter(({ errored }) => errored);
  const versions = [...new Set(reviews.flatMap(({ terraformVersion }) => terraformVersion ?? []))];
  const parts = [
    ...(failed.length > 0 && failed.length === reviews.length ? [] : [countsInWords(counts)]),
    ...(failed.length === 0
      ? []
      : [`planning failed for ${failed.map(({ name }) => codeSpan(name)).join(", ")}`]),
  ];
  const head = `**${reviews.length === 1 ? "1 stack" : `${reviews.length} stacks`}: ${parts.join("; ")}.**`;
  return [
    `${head}${versions.length === 0 ? "" : ` Planned by Terraform ${versions.join(", ")}.`}`,
    "",
    ...totals(reviews),
    ...stop(reviews),
    ...attention(reviews),
    ...reviews.flatMap((review) => renderStack(review, details)),
  ];
};

const cutNote =
  "*The review is longer than what fits here. Read all of it with `npx reelway review PLAN.json`.*";

/** Cuts at a line, and closes what is open there. */
const cutTo = (lines: readonly string[], longest: number): string => {
  const kept: string[] = [];
  const end = ["", "</details>", "", cutNote, ""].join("\n").length;
  let length = end;
  for (const line of lines) {
    length += line.length + 1;
    if (length > longest) break;
    kept.push(line);
  }
  const open =
    kept.filter((line) => line === "<details>").length > kept.filter((line) => line === "</details>").length;
  return [...kept, "", ...(open ? ["</details>", ""] : []), cutNote, ""].join("\n");
};

/**
 * The reviews of one pull request as Markdown, worst first. Where it would be too long, attributes that force nothing
 * are left out, then the end.
 */
export const renderReview = (
  reviews: readonly Review[],
  { longest = Number.POSITIVE_INFINITY }: RenderOptions = {},
): string => {
  const all = whole(reviews, true);
  const text = `${all.join("\n").trimEnd()}\n`;
  if (text.length <= longest) return text;
  const short = whole(reviews, false);
  const shorter = `${short.join("\n").trimEnd()}\n\n${cutNote}\n`;
  return shorter.length <= longest ? shorter : cutTo(short, longest);
};
