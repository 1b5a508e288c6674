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

/** Cells of a terminal's line that a text takes. */
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

/** Shortens a text to so many cells from its beginning: a name's end tells more. */
export const truncateStart = (text: string, width: number): string =>
  measureText(text) <= width
    ? text
    : `…${[...takeWidth([...splitGraphemes(text)].reverse(), width - 1)].reverse().join("")}`;

/** Shortens a text to so many cells from its end. */
export const truncateEnd = (text: string, width: number): string =>
  measureText(text) <= width ? text : `${takeWidth(splitGraphemes(text), width - 1).join("")}…`;

/** Fills a text up to so many cells. */
export const padEnd = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - measureText(text)));
