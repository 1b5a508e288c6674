import { codeSpan } from "../review/markdown.ts";
import { truncateBody } from "./body.ts";
import { renderAction } from "./compare-plans.ts";
import type { StackDrift } from "./detect-drift.ts";
import { renderMarker } from "./marker.ts";
import type { NormalisedChange } from "./normalised-changes.ts";

const actionTexts: Readonly<Record<string, string>> = { update: "was changed", delete: "was deleted" };

/** Describes the drift of a resource, e.g. `was changed`. */
export const renderDriftAction = (change: NormalisedChange): string =>
  actionTexts[change.actions.join()] ?? renderAction(change);

/** Maximum number of characters shown of a value. */
const maxValueLength = 120;
const renderValue = (text: string | undefined): string => {
  if (text === undefined) return "nothing";
  return codeSpan(text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text);
};

const renderChange = (change: NormalisedChange): readonly string[] => [
  `- ${codeSpan(change.address)} ${renderDriftAction(change)}`,
  // The attributes of a deleted resource are not listed.
  ...(change.actions.includes("delete")
    ? []
    : change.attributes.map(
        ({ path, before, after }) => `  - ${codeSpan(path)}: ${renderValue(before)} → ${renderValue(after)}`,
      )),
];

/**
 * Renders the body of a drift issue.
 *
 * @param pointer a sentence with the location of the full result
 * @returns undefined without drift
 */
export const renderDrift = (
  stage: string,
  stacks: readonly StackDrift[],
  pointer: string,
): string | undefined => {
  const driftedStacks = stacks.flatMap(({ name, drift = [] }) =>
    drift.length === 0 ? [] : [{ name, drift }],
  );
  if (driftedStacks.length === 0) return undefined;
  const count = driftedStacks.reduce((sum, { drift }) => sum + drift.length, 0);
  return truncateBody(
    [
      renderMarker("drift", stage),
      `${count === 1 ? "One resource" : `${count} resources`} of ${stage} changed outside Terraform. The next deployment restores the configuration. To keep a change, add it to the configuration. This issue is closed automatically when the drift is gone.`,
      ...driftedStacks.flatMap(({ name, drift }) => ["", `## ${name}`, "", ...drift.flatMap(renderChange)]),
    ],
    pointer,
  );
};
