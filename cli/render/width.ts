const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Characters that terminals draw two cells wide (Unicode Standard Annex 11: Wide and Fullwidth). */
const wideCharacters =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/u;
/** Of those scripts, the halfwidth forms are one cell wide. */
const halfwidthCharacters = /[\uFF61-\uFFDC]/u;
const zeroWidthCharacters = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const countCells = (grapheme: string): number => {
  if (zeroWidthCharacters.test(grapheme)) return 0;
  return wideCharacters.test(grapheme) && !halfwidthCharacters.test(grapheme) ? 2 : 1;
};

const splitGraphemes = (text: string): readonly string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment);

/** Returns the width of a text in terminal cells. */
export const measureText = (text: string): number =>
  splitGraphemes(text).reduce((sum, grapheme) => sum + countCells(grapheme), 0);

const takeWidth = (parts: readonly string[], width: number): readonly string[] => {
  const fittingParts: string[] = [];
  let usedCells = 0;
  for (const part of parts) {
    usedCells += countCells(part);
    if (usedCells > width) break;
    fittingParts.push(part);
  }
  return fittingParts;
};

/** Truncates the beginning of a text to fit `width` cells; the end of a file name is more specific. */
export const truncateStart = (text: string, width: number): string =>
  measureText(text) <= width
    ? text
    : `…${[...takeWidth([...splitGraphemes(text)].reverse(), width - 1)].reverse().join("")}`;

/** Truncates the end of a text to fit `width` cells. */
export const truncateEnd = (text: string, width: number): string =>
  measureText(text) <= width ? text : `${takeWidth(splitGraphemes(text), width - 1).join("")}…`;

/** Pads a text with spaces to `width` cells. */
export const padEnd = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - measureText(text)));
