import type { Phrase } from "./phrase.ts";

const newlines = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
const controlCharacters = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Converts a text to one line without control and bidirectional characters. */
const toOneLine = (text: string): string =>
  text.replaceAll(newlines, "⏎").replaceAll("\t", " ").replaceAll(controlCharacters, "\uFFFD");

/**
 * Renders a name or a value as a code span (CommonMark 6.1), the only form in which foreign text is put into a review. A
 * span has no markup, HTML or mentions; its fence is longer than any run of backticks inside.
 * Do not use it inside an HTML block, which is not Markdown.
 */
export const codeSpan = (text: string): string => {
  const line = toOneLine(text);
  if (line === "") return "` `";
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  // Markdown strips one space on each side; it separates backticks from the fence and preserves outer spaces.
  const padding = /^[`\s]|[`\s]$/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
};

/** Renders a code span for a table cell, where a pipe would end the cell. */
export const codeCell = (text: string): string => codeSpan(text.replaceAll("|", "¦"));

/** Renders a phrase with its names and values as code spans. */
export const renderPhrase = (phrase: Phrase): string =>
  phrase.map((piece) => (typeof piece === "string" ? piece : codeSpan(piece.code))).join("");

/**
 * Renders a collapsed section.
 *
 * @param summary trusted text, because this is an HTML block
 */
export const renderDetails = (summary: string, body: readonly string[]): readonly string[] => [
  "<details>",
  `<summary>${summary}</summary>`,
  // An empty line ends the HTML block.
  "",
  ...body,
  "",
  "</details>",
];
