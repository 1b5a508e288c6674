import { codeSpan } from "../review/markdown.ts";
import { truncateBody } from "./body.ts";
import { renderAction } from "./compare-plans.ts";
import type { StackDrift } from "./detect-drift.ts";
import { renderMarker } from "./marker.ts";
import type { NormalisedChange } from "./normalised-changes.ts";

const actionTexts: Readonly<Record<string, string>> = { update: "was changed", delete: "is gone" };

/** What became of a resource, for a person. */
export const renderDriftAction = (change: NormalisedChange): string =>
  actionTexts[change.actions.join()] ?? renderAction(change);

/** Characters of a value that are shown. */
const maxValueLength = 120;
const renderValue = (text: string | undefined): string => {
  if (text === undefined) return "nothing";
  return codeSpan(text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text);
};

const renderChange = (change: NormalisedChange): readonly string[] => [
  `- ${codeSpan(change.address)} ${renderDriftAction(change)}`,
  // Of what is gone no attribute matters any more.
  ...(change.actions.includes("delete")
    ? []
    : change.attributes.map(
        ({ path, before, after }) => `  - ${codeSpan(path)}: ${renderValue(before)} → ${renderValue(after)}`,
      )),
];

/**
 * Tells drift for one issue.
 *
 * @param pointer a sentence that says where the whole of it is
 * @returns undefined where nothing has drifted
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
      `${count === 1 ? "One resource" : `${count} resources`} of ${stage} changed outside Terraform. The next deployment puts back what the configuration says; to keep a change, write it into the configuration. This issue is closed once nothing differs.`,
      ...driftedStacks.flatMap(({ name, drift }) => ["", `## ${name}`, "", ...drift.flatMap(renderChange)]),
    ],
    pointer,
  );
};
