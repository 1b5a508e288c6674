import { codeSpan } from "../review/markdown.ts";
import { fitBody } from "./body.ts";
import { actionText } from "./differences.ts";
import type { StackDrift } from "./drift-stage.ts";
import { marker } from "./marker.ts";
import type { NormalisedChange } from "./normalised-changes.ts";

const words: Readonly<Record<string, string>> = { update: "was changed", delete: "is gone" };

/** What became of a resource, for a person. */
export const driftText = (change: NormalisedChange): string =>
  words[change.actions.join()] ?? actionText(change);

/** Characters of a value that are shown. */
const shown = 120;
const value = (text: string | undefined): string => {
  if (text === undefined) return "nothing";
  return codeSpan(text.length > shown ? `${text.slice(0, shown)}…` : text);
};

const linesOf = (change: NormalisedChange): readonly string[] => [
  `- ${codeSpan(change.address)} ${driftText(change)}`,
  // Of what is gone no attribute matters any more.
  ...(change.actions.includes("delete")
    ? []
    : change.attributes.map(
        ({ path, before, after }) => `  - ${codeSpan(path)}: ${value(before)} → ${value(after)}`,
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
  const drifted = stacks.flatMap(({ name, drift = [] }) => (drift.length === 0 ? [] : [{ name, drift }]));
  if (drifted.length === 0) return undefined;
  const count = drifted.reduce((sum, { drift }) => sum + drift.length, 0);
  return fitBody(
    [
      marker("drift", stage),
      `${count === 1 ? "One resource" : `${count} resources`} of ${stage} changed outside Terraform. The next deployment puts back what the configuration says; to keep a change, write it into the configuration. This issue is closed once nothing differs.`,
      ...drifted.flatMap(({ name, drift }) => ["", `## ${name}`, "", ...drift.flatMap(linesOf)]),
    ],
    pointer,
  );
};
