import type { AccessChange } from "./access/access-change.ts";
import { countedActions } from "./action.ts";
import type { Drift } from "./drift.ts";
import { codeSpan, renderDetails, renderPhrase } from "./markdown.ts";
import { renderAttribute, renderValue } from "./render-value.ts";
import type { Finding, Review, ReviewedOutput, ReviewedResource } from "./review.ts";

/** Lists with more lines are collapsed. */
const foldThreshold = 20;

/** Renders a list under a heading, collapsed if foldable and long; empty without items. */
const renderSection = (
  heading: string,
  items: readonly (readonly string[])[],
  isFoldable = false,
): readonly string[] => {
  if (items.length === 0) return [];
  const lines = items.flat();
  return isFoldable && lines.length > foldThreshold
    ? [`### ${heading}`, "", ...renderDetails(`All ${items.length}`, lines), ""]
    : [`### ${heading}`, "", ...lines, ""];
};

const renderName = ({
  address,
  name,
  deposed,
}: Pick<ReviewedResource, "address" | "name" | "deposed">): string =>
  `${codeSpan(address)}${name === undefined ? "" : ` (${codeSpan(name)})`}${deposed === undefined ? "" : ", a deposed object of an earlier apply"}`;

/** Renders the attributes of an item; without `details` only those that force the replacement. */
const renderAttributes = (resource: ReviewedResource, details: boolean): readonly string[] => {
  const forcingAttributes = resource.attributes.filter(({ forcesReplacement }) => forcesReplacement);
  const rest = resource.attributes.filter(({ forcesReplacement }) => !forcesReplacement);
  const lines = (details ? [...forcingAttributes, ...rest] : forcingAttributes).flatMap(renderAttribute);
  return !details && rest.length > 0 ? [...lines, `  - and ${rest.length} more attributes`] : lines;
};

const renderDestroyed = (resource: ReviewedResource, details: boolean): readonly string[] => {
  const { action, reason, order, dataLoss } = resource;
  const reasonText = [order, reason].filter((part) => part !== undefined).join("; ");
  return [
    `- **${action}** ${renderName(resource)}${reasonText === "" ? "" : `: ${reasonText}`}`,
    ...(dataLoss === undefined
      ? []
      : [
          `  - ${dataLoss.consequence}${dataLoss.isGuarded ? (dataLoss.isAllowed ? " Allowed by `--allow-destroy`." : " **Needs `--allow-destroy`.**") : ""}`,
        ]),
    ...renderAttributes(resource, details),
  ];
};

const renderAccessChange = ({ sentence, risks, addresses }: AccessChange): readonly string[] => [
  `- ${renderPhrase(sentence)}${risks.length === 0 ? "" : ` — ⚠️ **${risks.join(", ")}**`} <sub>by ${addresses.map(codeSpan).join(", ")}</sub>`,
];

const renderFinding = ({ address, sentence }: Finding): readonly string[] => [
  `- ⚠️ ${renderPhrase(sentence)}. <sub>by ${codeSpan(address)}</sub>`,
];

const renderMove = ({
  address,
  movedFrom,
  importedId,
  action,
  attributes,
}: ReviewedResource): readonly string[] => {
  const changes =
    action === "none"
      ? "no other changes"
      : `also ${action === "update" ? `updated (attributes: ${attributes.length})` : `to ${action}`}`;
  return [
    ...(movedFrom === undefined
      ? []
      : [`- moved: ${codeSpan(movedFrom)} → ${codeSpan(address)}; ${changes}`]),
    ...(importedId === undefined
      ? []
      : [
          `- imported: ${codeSpan(address)}${importedId === "" ? "" : ` from ${codeSpan(importedId)}`}; ${changes}`,
        ]),
  ];
};

const renderUpdate = (resource: ReviewedResource, details: boolean): readonly string[] => [
  `- ${renderName(resource)}`,
  ...renderAttributes(resource, details),
];

const renderOutput = ({ name, action, before, after }: ReviewedOutput): readonly string[] => [
  action === "create"
    ? `- ${codeSpan(name)}: new, ${renderValue(after)}`
    : action === "delete"
      ? `- ${codeSpan(name)}: removed, was ${renderValue(before)}`
      : `- ${codeSpan(name)}: ${renderValue(before)} → ${renderValue(after)}`,
];

const renderDrift = ({ address, kind, attributes, plannedAction }: Drift): readonly string[] => [
  kind === "deleted"
    ? `- ${codeSpan(address)} **was deleted**; ${plannedAction === "recreated" ? "this plan creates it again" : "this plan does not create it again"}`
    : kind === "moved"
      ? `- ${codeSpan(address)} was moved to another address`
      : `- ${codeSpan(address)} was changed; ${plannedAction === "accepted" ? "this plan keeps the change" : `it is ${plannedAction} by this plan`}`,
  ...attributes.flatMap(renderAttribute),
];

/** Renders drift in attributes that AWS or other resources set, collapsed. */
const renderUnmanagedDrift = (drift: readonly Drift[]): readonly string[] => {
  const resources = drift.filter(({ unmanagedAttributes }) => unmanagedAttributes.length > 0);
  if (resources.length === 0) return [];
  const lines = resources.flatMap(({ address, unmanagedAttributes }) => [
    `- ${codeSpan(address)}`,
    ...unmanagedAttributes.flatMap(renderAttribute),
  ]);
  return [
    ...renderDetails(
      `Changes in ${resources.length === 1 ? "1 resource" : `${resources.length} resources`} of attributes that AWS or another resource sets`,
      lines,
    ),
    "",
  ];
};

/** Renders e.g. "1 to replace, 2 to update". */
export const renderCounts = (counts: Review["counts"]): string => {
  const parts = countedActions.flatMap((action) =>
    counts[action] === 0 ? [] : [`${counts[action]} to ${action}`],
  );
  return parts.length === 0 ? "no changes" : parts.join(", ");
};

/** Renders the review of one stack. @param details whether to show all changed attributes, not only those that force a replacement */
export const renderStack = (review: Review, details: boolean): readonly string[] => {
  const filterByAction = (action: ReviewedResource["action"]): readonly ReviewedResource[] =>
    review.resources.filter((resource) => resource.action === action);
  const destroyedResources = [...filterByAction("replace"), ...filterByAction("delete")];
  const getRank = (resource: ReviewedResource): number =>
    resource.dataLoss === undefined ? 2 : resource.dataLoss.isGuarded ? 0 : 1;
  const relevantDrift = review.drift.filter(
    ({ kind, attributes }) => kind !== "changed" || attributes.length > 0,
  );
  return [
    `## ${codeSpan(review.name)}: ${review.errored ? "planning failed" : renderCounts(review.counts)}`,
    "",
    ...review.warnings.flatMap((warning) => [`⚠️ **${warning}**`, ""]),
    ...renderSection(
      "Replaced or deleted",
      [...destroyedResources]
        .sort((one, other) => getRank(one) - getRank(other))
        .map((one) => renderDestroyed(one, details)),
    ),
    ...renderSection("Exposed to the internet", review.exposures.map(renderFinding)),
    ...renderSection("Protections removed", review.lostProtections.map(renderFinding)),
    ...renderSection(
      "Access permissions",
      review.access.map(renderAccessChange),
      review.access.every(({ risks }) => risks.length === 0),
    ),
    ...renderSection(
      "Moved and imported",
      review.resources.map(renderMove).filter((lines) => lines.length > 0),
    ),
    ...renderSection(
      "No longer managed, kept on AWS",
      filterByAction("forget").map((one) => [`- ${renderName(one)}`]),
    ),
    ...renderSection(
      "Updated in place",
      filterByAction("update").map((one) => renderUpdate(one, details)),
      true,
    ),
    ...renderSection(
      "Created",
      filterByAction("create").map((one) => [`- ${renderName(one)}`]),
      true,
    ),
    ...renderSection(
      "Read during apply",
      filterByAction("read").map((one) => [
        `- ${renderName(one)}${one.reason === undefined ? "" : `: ${one.reason}`}`,
      ]),
      true,
    ),
    ...renderSection("Outputs", review.outputs.map(renderOutput), true),
    ...renderSection("Drift: changed outside Terraform, not by this pull request", [
      ...review.accessDrift.map(renderAccessChange),
      ...relevantDrift.map(renderDrift),
    ]),
    ...renderUnmanagedDrift(review.drift),
  ];
};
