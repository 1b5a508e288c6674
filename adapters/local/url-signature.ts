import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { createAtomically, writeAtomically } from "./atomic-file.ts";

/** Signs URLs of the runtime's own server. */
export interface UrlSigner {
  /** Adds expiry and signature to a path with its query. */
  sign(method: string, path: string, query: Readonly<Record<string, string>>): string;
  /** Checks a request's URL. */
  verify(method: string, url: URL): "valid" | "invalid" | "expired";
}

interface UrlSignerOptions {
  readonly key: Uint8Array;
  /** Seconds for which a URL is valid. */
  readonly expirySeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const expiresParameter = "expires";
const signatureParameter = "signature";

/** Creates a signer with HMAC-SHA256 over method, path and query. */
export const createUrlSigner = ({ key, expirySeconds, now }: UrlSignerOptions): UrlSigner => {
  const computeSignature = (method: string, path: string, query: URLSearchParams): Buffer => {
    const sorted = new URLSearchParams(query);
    sorted.delete(signatureParameter);
    sorted.sort();
    return createHmac("sha256", key).update(`${method}\n${path}\n${sorted}`).digest();
  };
  return {
    sign(method, path, query) {
      const expires = Math.floor(now() / 1000) + expirySeconds;
      const signed = new URLSearchParams({ ...query, [expiresParameter]: String(expires) });
      const signature = computeSignature(method, path, signed).toString("base64url");
      return `${path}?${signed}&${signatureParameter}=${signature}`;
    },
    verify(method, { pathname, searchParams }) {
      const expected = computeSignature(method, pathname, searchParams);
      const actual = Buffer.from(searchParams.get(signatureParameter) ?? "", "base64url");
      if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return "invalid";
      return Number(searchParams.get(expiresParameter)) * 1000 > now() ? "valid" : "expired";
    },
  };
};

const keyBytes = 32;

/**
 * Reads the key of signed URLs from a file with mode 0600. A missing or broken file is replaced: only URLs that have not
 * expired yet and unfinished uploads of users need the old key.
 */
export const openSigningKey = async (path: string): Promise<Uint8Array> => {
  const mode = 0o600;
  const newKey = randomBytes(keyBytes);
  if (await createAtomically(path, newKey, { mode })) return newKey;
  await chmod(path, mode);
  const key = await readFile(path);
  if (key.length === keyBytes) return key;
  await writeAtomically(path, newKey, { mode });
  return newKey;
};
