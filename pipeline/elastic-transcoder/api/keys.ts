import type { TranscoderKey } from "../../ports/secrets.ts";

/** Number of valid keys per scope, so that callers can move from one to the next. */
export const maxKeysPerScope = 2;

/** Adds a new key, newest first. Of its scope, the newest previous key stays valid. */
export const rotateKeys = (
  keys: readonly TranscoderKey[],
  newKey: TranscoderKey,
): readonly TranscoderKey[] => {
  const keptKeys = keys.filter(({ scope }) => scope === newKey.scope).slice(0, maxKeysPerScope - 1);
  return [newKey, ...keys.filter((key) => key.scope !== newKey.scope || keptKeys.includes(key))];
};
