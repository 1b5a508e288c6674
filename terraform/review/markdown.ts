import type { Phrase } from "./phrase.ts";

const newlines = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
const controlCharacters = /[\p{Cc}\p{Bidi_Control}]/gu;

/** One line, in which nothing moves the cursor or turns the writing round. */
const toOneLine = (text: string): string =>
  text.replaceAll(newlines, "⏎").replaceAll("\t", " ").replaceAll(controlCharacters, "\uFFFD");

/**
 * A name or a value as a code span (CommonMark 6.1): the only way text of others gets into a review. In a span
 * nothing is markup, no HTML is HTML and nobody is mentioned; the fence is longer than any run of backticks inside.
 * Never inside a block of HTML, whose text is not Markdown.
 */
export const codeSpan = (text: string): string => {
  const line = toOneLine(text);
  if (line === "") return "` `";
  const longestRun = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longestRun + 1);
  // A space on either side is taken off again: it keeps backticks apart from the fence, and spaces as they are.
  const padding = /^[`\s]|[`\s]$/.test(line) ? " " : "";
  return `${fence}${padding}${line}${padding}${fence}`;
};

/** The same in a cell of a table, where a pipe ends the cell even within a span. */
export const codeCell = (text: string): string => codeSpan(text.replaceAll("|", "¦"));

/** A phrase, its names and values as code spans. */
export const renderPhrase = (phrase: Phrase): string =>
  phrase.map((piece) => (typeof piece === "string" ? piece : codeSpan(piece.code))).join("");

/**
 * A part that is folded until somebody opens it.
 *
 * @param summary words of ours: this is a block of HTML
 */
export const renderDetails = (summary: string, body: readonly string[]): readonly string[] => [
  "<details>",
  `<summary>${summary}</summary>`,
  // Markdown begins again after an empty line.
  "",
  ...body,
  "",
  "</details>",
];
