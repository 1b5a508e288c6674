import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

const splitGraphemes = (text: string): readonly string[] =>
  [...graphemes.segment(text)].map(({ segment }) => segment);

/** Returns the width of a text in terminal cells. */
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
