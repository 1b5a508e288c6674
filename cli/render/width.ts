const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Characters that terminals draw two cells wide (Unicode Standard Annex 11: Wide and Fullwidth). */
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}\u3000-\u303E\uFF01-\uFF60\uFFE0-\uFFE6]/u;
/** Of those scripts, the halfwidth forms are one cell wide. */
const halfwidth = /[\uFF61-\uFFDC]/u;
const markAlone = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const cells = (grapheme: string): number => {
  if (markAlone.test(grapheme)) return 0;
  return wide.test(grapheme) && !halfwidth.test(grapheme) ? 2 : 1;
};

const split = (text: string): readonly string[] => [...graphemes.segment(text)].map(({ segment }) => segment);

/** Cells of a terminal's line that a text takes. */
export const textWidth = (text: string): number =>
  split(text).reduce((sum, grapheme) => sum + cells(grapheme), 0);

const take = (parts: readonly string[], width: number): readonly string[] => {
  const taken: string[] = [];
  let used = 0;
  for (const part of parts) {
    used += cells(part);
    if (used > width) break;
    taken.push(part);
  }
  return taken;
};

/** Shortens a text to so many cells from its beginning: a name's end tells more. */
export const keepEnd = (text: string, width: number): string =>
  textWidth(text) <= width ? text : `…${[...take([...split(text)].reverse(), width - 1)].reverse().join("")}`;

/** Shortens a text to so many cells from its end. */
export const keepStart = (text: string, width: number): string =>
  textWidth(text) <= width ? text : `${take(split(text), width - 1).join("")}…`;

/** Fills a text up to so many cells. */
export const pad = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - textWidth(text)));
