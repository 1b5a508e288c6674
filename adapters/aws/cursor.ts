import { StoreFailure } from "../../pipeline/ports/store-failure.ts";

/** Encodes a page cursor: the `arrival` (pipeline/ports/tables.ts) of the last record on the page, as JSON. */
export const encodeCursor = (arrival: string): string => JSON.stringify({ arrival });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Decodes a page cursor: the `arrival` after which the next page begins.
 *
 * @throws StoreFailure `invalid` if the text is not a cursor
 */
export const decodeCursor = (text: string): string => {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && "arrival" in value) {
    const { arrival } = value;
    if (typeof arrival === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z#./.test(arrival)) return arrival;
  }
  throw new StoreFailure("invalid", "The page cursor is not valid. Request the first page without a cursor.");
};
