import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { parseJson } from "../../pipeline/text/parse-json.ts";

/** A page's cursor: the `createdAtId` (pipeline/ports/tables.ts) of the last record on it, in JSON. */
export const encodeCursor = (createdAtId: string): string => JSON.stringify({ createdAtId });

/**
 * The `createdAtId` that the next page begins after.
 *
 * @throws StoreFailure `invalid` for a text that is no cursor
 */
export const decodeCursor = (text: string): string => {
  const value = parseJson(text);
  if (typeof value === "object" && value !== null && "createdAtId" in value) {
    const { createdAtId } = value;
    if (typeof createdAtId === "string" && /^\d{4}-\d\d-\d\dT[\d:.]+Z#./.test(createdAtId))
      return createdAtId;
  }
  throw new StoreFailure(
    "invalid",
    "The page's cursor is none that a list gave. Ask for the first page, without a cursor.",
  );
};
