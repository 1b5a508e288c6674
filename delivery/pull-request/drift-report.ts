import { actionText } from "./differences.ts";
import type { StackDrift } from "./drift-stage.ts";
import { code, fitBody } from "./markdown.ts";
import { marker } from "./marker.ts";
import type { NormalisedChange } from "./normalised-changes.ts";

const words: Readonly<Record<string, string>> = { update: "was changed", delete: "is gone" };

/** A value's characters that are shown. */
const shown = 120;
const value = (text: string | undefined): string => {
  if (text === undefined) return "nothing";
  return code(text.length > shown ? `${text.slice(0, shown)}…` : text);
};

const lines = (change: NormalisedChange): readonly string[] => [
  `- ${code(change.address)} ${words[change.actions.join()] ?? actionText(change)}`,
  // Of what is gone no attribute matters any more.
  ...(change.actions.includes("delete")
    ? []
    : change.attributes.map(
        ({ path, before, after }) => `  - ${code(path)}: ${value(before)} → ${value(after)}`,
      )),
];

/**
 * Tells drift for one issue.
 *
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
      `## ${stage} is not as it was applied`,
      "",
      `${count} resource(s) of ${drifted.map(({ name }) => name).join(", ")} changed outside Terraform. ` +
        "The next deployment puts back what the configuration says; to keep a change, write it into the configuration. " +
        "This issue is closed once nothing differs.",
    ].join("\n"),
    drifted.map(({ name, drift }) => [`### ${name}`, "", ...drift.flatMap(lines)].join("\n")),
    pointer,
  );
};
