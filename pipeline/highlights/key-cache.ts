import type { ChannelFetcher, FetchRequest } from "./channel-fetcher.ts";
import { assertKeyLength } from "./decrypt-segment.ts";

/** Reads the keys of a channel's segments. */
export interface KeyCache {
  /**
   * Returns the 16 bytes of the key at a URL, which is fetched once. Failures are not kept.
   *
   * @throws FetchFailure, DecryptionFailure
   */
  read(request: Pick<FetchRequest, "url" | "timeoutMs" | "signal">): Promise<Uint8Array>;
}

/** Enough to tell what is not a key, such as a page to sign in, by its length. */
const maxKeyBytes = 65_536;

/** Creates the cache of one run. It holds the `maxKeys` (64) keys that were read last. */
export const createKeyCache = (
  fetcher: Pick<ChannelFetcher, "fetchBytes">,
  { maxKeys = 64 }: { readonly maxKeys?: number } = {},
): KeyCache => {
  const keys = new Map<string, Uint8Array>();
  return {
    async read(request) {
      const key =
        keys.get(request.url) ?? (await fetcher.fetchBytes({ ...request, maxBytes: maxKeyBytes })).bytes;
      assertKeyLength(key);
      // The order of a map is the order of insertion.
      keys.delete(request.url);
      keys.set(request.url, key);
      for (const oldest of keys.keys()) if (keys.size > maxKeys) keys.delete(oldest);
      return key;
    },
  };
};
