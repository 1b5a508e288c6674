import { randomUUID } from "node:crypto";
import type { Item } from "./item.ts";

/** Attribute with the token of an item's last write. */
export const writeTokenAttribute = "writeToken";

/**
 * Creates a token for one write. If a response is lost, the client retries the request, and the condition fails because
 * of the first try. The token in the item shows that the write succeeded.
 */
export const createWriteToken = (): string => randomUUID();

/** True if a failed condition may be due to an earlier try of the same request, whose response was lost. */
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
