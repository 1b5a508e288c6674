import type { AttributeChange } from "./attributes.ts";
import { codeSpan } from "./markdown.ts";
import { isEmpty, isList, Sensitive, Unknown, type Value } from "./value.ts";

/** Characters of a value that are shown; the rest is counted. */
const longest = 160;

const cut = (text: string): string => {
  const characters = [...text];
  return characters.length <= longest
    ? codeSpan(text)
    : `${codeSpan(`${characters.slice(0, longest - 20).join("")}…`)} (${characters.length} characters)`;
};

/** A value for a reader; one that is sensitive or not known yet as just that. */
export const valueMarkdown = (value: Value | undefined): string => {
  if (value instanceof Sensitive) return "*sensitive*";
  if (value instanceof Unknown) return "*known after apply*";
  if (isEmpty(value)) return "*none*";
  return cut(typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
};

/** An attribute and how it changes: a list item, and one for each element of a list that came or went. */
export const attributeMarkdown = (change: AttributeChange): readonly string[] => {
  const { before, after, references, elements, forcesReplacement } = change;
  const name = `${codeSpan(change.path)}${forcesReplacement ? " **forces the replacement**" : ""}`;
  if (before instanceof Sensitive || after instanceof Sensitive)
    return [`  - ${name}: changes (sensitive, not shown)`];
  if (elements) {
    const lines = (value: Value | undefined, what: string): readonly string[] =>
      isList(value) ? value.map((element) => `${what} ${valueMarkdown(element)}`) : [];
    const parts = [...lines(after, "added"), ...lines(before, "removed")];
    return parts.length === 1
      ? [`  - ${name}: ${parts[0]}`]
      : [`  - ${name}:`, ...parts.map((part) => `    - ${part}`)];
  }
  const named = references.length === 0 ? "" : `, from ${references.map(codeSpan).join(", ")}`;
  return [`  - ${name}: ${valueMarkdown(before)} → ${valueMarkdown(after)}${named}`];
};
