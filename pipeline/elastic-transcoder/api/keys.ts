import type { TranscoderKey } from "../../ports/services.ts";

/** Keys of one scope that are valid at a time, so that callers can move from one to the next. */
export const keysOfScope = 2;

/** The keys with a new one, newest first: of its scope the newest of the others stays valid beside it. */
export const rotateKeys = (
  keys: readonly TranscoderKey[],
  fresh: TranscoderKey,
): readonly TranscoderKey[] => {
  const same = keys.filter(({ scope }) => scope === fresh.scope).slice(0, keysOfScope - 1);
  return [fresh, ...keys.filter((key) => key.scope !== fresh.scope || same.includes(key))];
};
