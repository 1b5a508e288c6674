import { parseJson } from "../text/parse-json.ts";
import { StoreFailure } from "./store-failure.ts";

/** Encodes a page cursor: the `createdAtId` (tables.ts) of the last record on the page, as JSON. */
export const encodeCursor = (createdAtId: string): string => JSON.stringify({ createdAtId });

/**
 * Decodes a page cursor: the `createdAtId` after which the next page begins.
 *
 * @throws StoreFailure `invalid` if the text is not a cursor
 */
export const decodeCursor = (text: string): string => {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && "createdAtId" in value) {
    const { createdAtId } = value;
    if (typeof createdAtId === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z#./.test(createdAtId))
      return createdAtId;
  }
  throw new StoreFailure("invalid", "The page cursor is not valid. Request the first page without a cursor.");
};
