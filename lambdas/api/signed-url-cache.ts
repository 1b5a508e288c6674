import type { PlaybackSigner } from "../../pipeline/ports/playback-signer.ts";
import { createLruCache } from "./lru-cache.ts";

const maxUrls = 2000;
/** A URL that the previous key has signed stays valid: CloudFront has that key until the next rotation. */
const maxAgeMs = 15 * 60_000;

/**
 * Creates the function that signs URLs of outputs. It returns a recent URL of the same object and expiry again: an RSA
 * signature takes about a millisecond, and a page of videos has hundreds.
 */
export const createSignedUrlCache = (signer: Pick<PlaybackSigner, "signUrl">): PlaybackSigner["signUrl"] => {
  const cache = createLruCache<string, { readonly url: string; readonly signedMs: number }>(maxUrls);
  return async (key, expiresAt) => {
    const id = `${expiresAt.getTime()} ${key}`;
    const cached = cache.get(id);
    if (cached !== undefined && performance.now() - cached.signedMs < maxAgeMs) return cached.url;
    const url = await signer.signUrl(key, expiresAt);
    cache.set(id, { url, signedMs: performance.now() });
    return url;
  };
};
