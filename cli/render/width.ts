import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const splitGraphemes = (text: string): readonly string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment);

/** Cells of a terminal's line that a text takes. */
export const measureText = (text: string): number => stringWidth(text);

const takeWidth = (parts: readonly string[], width: number): readonly string[] => {
  const fittingParts: string[] = [];
  let usedCells = 0;
  for (const part of parts) {
    usedCells += measureText(part);
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
