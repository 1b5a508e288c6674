import type { AttributeChange } from "./attributes.ts";
import { codeSpan } from "./markdown.ts";
import { isEmpty, isList, SensitiveValue, UnknownValue, type Value } from "./value.ts";

/** Maximum number of characters shown of a value. */
const maxLength = 160;

const truncate = (text: string): string => {
  const characters = [...text];
  return characters.length <= maxLength
    ? codeSpan(text)
    : `${codeSpan(`${characters.slice(0, maxLength - 20).join("")}…`)} (${characters.length} characters)`;
};

/** Renders a value; placeholders for sensitive and unknown values. */
export const renderValue = (value: Value | undefined): string => {
  if (value instanceof SensitiveValue) return "*sensitive*";
  if (value instanceof UnknownValue) return "*known after apply*";
  if (isEmpty(value)) return "*none*";
  return truncate(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
};

/** Renders a changed attribute as a list item, with one sub-item per added or removed list element. */
export const renderAttribute = (change: AttributeChange): readonly string[] => {
  const { before, after, references, isElementDiff, forcesReplacement } = change;
  const name = `${codeSpan(change.path)}${forcesReplacement ? " **forces the replacement**" : ""}`;
  if (before instanceof SensitiveValue || after instanceof SensitiveValue)
    return [`  - ${name}: changes (sensitive, not shown)`];
  if (isElementDiff) {
    const lines = (value: Value | undefined, what: string): readonly string[] =>
      isList(value) ? value.map((element) => `${what} ${renderValue(element)}`) : [];
    const parts = [...lines(after, "added"), ...lines(before, "removed")];
    return parts.length === 1
      ? [`  - ${name}: ${parts[0]}`]
      : [`  - ${name}:`, ...parts.map((part) => `    - ${part}`)];
  }
  const source = references.length === 0 ? "" : `, from ${references.map(codeSpan).join(", ")}`;
  return [`  - ${name}: ${renderValue(before)} → ${renderValue(after)}${source}`];
};
