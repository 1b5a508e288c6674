import type { TranscoderKey } from "../../ports/secrets.ts";

/** Keys of one scope that are valid at a time, so that callers can move from one to the next. */
export const maxKeysPerScope = 2;

/** The keys with a new one, newest first: of its scope the newest of the others stays valid beside it. */
export const rotateKeys = (
  keys: readonly TranscoderKey[],
  newKey: TranscoderKey,
): readonly TranscoderKey[] => {
  const keptKeys = keys.filter(({ scope }) => scope === newKey.scope).slice(0, maxKeysPerScope - 1);
  return [newKey, ...keys.filter((key) => key.scope !== newKey.scope || keptKeys.includes(key))];
};
