import type { AccessChange } from "./access/sentences.ts";
import { countedActions } from "./action.ts";
import type { Drift } from "./drift.ts";
import { codeSpan, folded, phraseMarkdown } from "./markdown.ts";
import { attributeMarkdown, valueMarkdown } from "./render-value.ts";
import type { Finding, Review, ReviewedOutput, ReviewedResource } from "./review.ts";

/** From how many lines on a list is folded. */
const longList = 20;

/** A list under a heading; folded where it is long and may wait. Nothing where there is nothing to list. */
const section = (
  heading: string,
  items: readonly (readonly string[])[],
  mayFold = false,
): readonly string[] => {
  if (items.length === 0) return [];
  const lines = items.flat();
  return mayFold && lines.length > longList
    ? [`### ${heading}`, "", ...folded(`All ${items.length}`, lines), ""]
    : [`### ${heading}`, "", ...lines, ""];
};

const named = ({ address, name, deposed }: Pick<ReviewedResource, "address" | "name" | "deposed">): string =>
  `${codeSpan(address)}${name === undefined ? "" : ` (${codeSpan(name)})`}${deposed === undefined ? "" : ", an old copy that an earlier apply left behind"}`;

/** Lines of attributes under an item; many are folded. */
const attributeLines = (resource: ReviewedResource, details: boolean): readonly string[] => {
  const forcing = resource.attributes.filter(({ forcesReplacement }) => forcesReplacement);
  const rest = resource.attributes.filter(({ forcesReplacement }) => !forcesReplacement);
  const lines = (details ? [...forcing, ...rest] : forcing).flatMap(attributeMarkdown);
  return !details && rest.length > 0 ? [...lines, `  - and ${rest.length} more attributes`] : lines;
};

const destroyedLines = (resource: ReviewedResource, details: boolean): readonly string[] => {
  const { action, reason, order, loses } = resource;
  const why = [order, reason].filter((part) => part !== undefined).join("; ");
  return [
    `- **${action}** ${named(resource)}${why === "" ? "" : `: ${why}`}`,
    ...(loses === undefined
      ? []
      : [
          `  - ${loses.lost}${loses.guarded ? (loses.allowed ? " Allowed by `--allow-destroy`." : " **Not allowed yet.**") : ""}`,
        ]),
    ...attributeLines(resource, details),
  ];
};

const accessLine = ({ sentence, wide, addresses }: AccessChange): readonly string[] => [
  `- ${phraseMarkdown(sentence)}${wide.length === 0 ? "" : ` — ⚠️ **${wide.join(", ")}**`} <sub>by ${addresses.map(codeSpan).join(", ")}</sub>`,
];

const findingLine = ({ address, sentence }: Finding): readonly string[] => [
  `- ⚠️ ${phraseMarkdown(sentence)}. <sub>by ${codeSpan(address)}</sub>`,
];

const placeLine = ({
  address,
  movedFrom,
  importedId,
  action,
  attributes,
}: ReviewedResource): readonly string[] => {
  const changes =
    action === "none"
      ? "nothing else changes"
      : `and also ${action === "update" ? `changes in ${attributes.length}` : `to ${action}`}`;
  return [
    ...(movedFrom === undefined
      ? []
      : [`- moved: ${codeSpan(movedFrom)} → ${codeSpan(address)}; ${changes}`]),
    ...(importedId === undefined
      ? []
      : [
          `- imported: ${codeSpan(address)}${importedId === "" ? "" : ` takes over ${codeSpan(importedId)}`}; ${changes}`,
        ]),
  ];
};

const updatedLines = (resource: ReviewedResource, details: boolean): readonly string[] => [
  `- ${named(resource)}`,
  ...attributeLines(resource, details),
];

const outputLine = ({ name, action, before, after }: ReviewedOutput): readonly string[] => [
  action === "create"
    ? `- ${codeSpan(name)}: new, ${valueMarkdown(after)}`
    : action === "delete"
      ? `- ${codeSpan(name)}: removed, was ${valueMarkdown(before)}`
      : `- ${codeSpan(name)}: ${valueMarkdown(before)} → ${valueMarkdown(after)}`,
];

const driftLines = ({ address, kind, attributes, planned }: Drift): readonly string[] => [
  kind === "deleted"
    ? `- ${codeSpan(address)} **is gone**; ${planned === "made again" ? "this plan makes it again" : "this plan does not make it again"}`
    : kind === "moved"
      ? `- ${codeSpan(address)} has another address`
      : `- ${codeSpan(address)} was changed; ${planned === "taken as it is" ? "this plan leaves it so" : `it is ${planned} by this plan`}`,
  ...attributes.flatMap(attributeMarkdown),
];

/** What other resources or AWS itself set: told in case, folded. */
const unsetDrift = (drift: readonly Drift[]): readonly string[] => {
  const seen = drift.filter(({ unset }) => unset.length > 0);
  if (seen.length === 0) return [];
  const lines = seen.flatMap(({ address, unset }) => [
    `- ${codeSpan(address)}`,
    ...unset.flatMap(attributeMarkdown),
  ]);
  return [
    ...folded(
      `Also seen at ${seen.length === 1 ? "1 resource" : `${seen.length} resources`}, in attributes that the configuration leaves to AWS or to another resource`,
      lines,
    ),
    "",
  ];
};

/** "1 to replace, 2 to update" */
export const countsInWords = (counts: Review["counts"]): string => {
  const parts = countedActions.flatMap((action) =>
    counts[action] === 0 ? [] : [`${counts[action]} to ${action}`],
  );
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
};

/** @param details whether every changed attribute is shown, not only those that force something */
export const renderStack = (review: Review, details: boolean): readonly string[] => {
  const of = (action: ReviewedResource["action"]): readonly ReviewedResource[] =>
    review.resources.filter((resource) => resource.action === action);
  const destroyed = [...of("replace"), ...of("delete")];
  const first = (resource: ReviewedResource): number =>
    resource.loses === undefined ? 2 : resource.loses.guarded ? 0 : 1;
  const meant = review.drift.filter(({ kind, attributes }) => kind !== "changed" || attributes.length > 0);
  return [
    `## ${codeSpan(review.name)}: ${review.errored ? "planning failed" : countsInWords(review.counts)}`,
    "",
    ...review.warnings.flatMap((warning) => [`⚠️ **${warning}**`, ""]),
    ...section(
      "Replaced or deleted",
      [...destroyed]
        .sort((one, other) => first(one) - first(other))
        .map((one) => destroyedLines(one, details)),
    ),
    ...section("Open to the internet", review.openings.map(findingLine)),
    ...section("Less protected", review.protections.map(findingLine)),
    ...section(
      "Who may do what",
      review.access.map(accessLine),
      review.access.every(({ wide }) => wide.length === 0),
    ),
    ...section(
      "Moved and imported",
      review.resources.map(placeLine).filter((lines) => lines.length > 0),
    ),
    ...section(
      "No longer managed, left on AWS",
      of("forget").map((one) => [`- ${named(one)}`]),
    ),
    ...section(
      "Updated in place",
      of("update").map((one) => updatedLines(one, details)),
      true,
    ),
    ...section(
      "Created",
      of("create").map((one) => [`- ${named(one)}`]),
      true,
    ),
    ...section(
      "Read while applying",
      of("read").map((one) => [`- ${named(one)}${one.reason === undefined ? "" : `: ${one.reason}`}`]),
      true,
    ),
    ...section("Outputs", review.outputs.map(outputLine), true),
    ...section("Drift: changed outside Terraform, not by this pull request", [
      ...review.driftedAccess.map(accessLine),
      ...meant.map(driftLines),
    ]),
    ...unsetDrift(review.drift),
  ];
};
