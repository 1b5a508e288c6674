import { randomUUID } from "node:crypto";
import type { Item } from "./item-expressions.ts";

/** The attribute that names the last write of an item. */
export const writeTokenAttribute = "writeToken";

/**
 * A name for one write. The client sends a request again when its answer is lost, and then a condition that the first
 * try has made false refuses the second: the token in the item says whose write it was.
 */
export const createWriteToken = (): string => randomUUID();

/** True where a refusal may come from an earlier try of the same request, whose answer was lost. */
export const isPossiblyRetried = (cause: unknown): boolean => {
  if (!(cause instanceof Error) || !("$metadata" in cause)) return true;
  const { $metadata: metadata } = cause;
  return !(
    typeof metadata === "object" &&
    metadata !== null &&
    "attempts" in metadata &&
    metadata.attempts === 1
  );
};

/** If a failed condition is due to an earlier try of the same request, returns the item that it wrote. */
export const findEarlierWrite = async (
  readItem: () => Promise<Item | undefined>,
  token: string,
  cause: unknown,
): Promise<Item | undefined> => {
  if (!isPossiblyRetried(cause)) return undefined;
  const item = await readItem();
  return item?.[writeTokenAttribute] === token ? item : undefined;
};
