import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { createAtomically, writeAtomically } from "./atomic-file.ts";

/** Parameters of a request: a query, or the fields of a form. */
type Parameters = Readonly<Record<string, string>>;

/** Signs requests to the runtime's own server. */
export interface UrlSigner {
  /** Adds expiry and signature to the parameters of a request. */
  signParameters(method: string, path: string, parameters: Parameters, expirySeconds?: number): Parameters;
  /** Adds expiry and signature to a path with its query. */
  signUrl(method: string, path: string, query: Parameters, expirySeconds?: number): string;
  /** Checks the parameters of a request. */
  verify(method: string, path: string, parameters: URLSearchParams): "valid" | "invalid" | "expired";
}

interface UrlSignerOptions {
  readonly key: Uint8Array;
  /** Seconds for which a request is valid. */
  readonly expirySeconds: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Parameter with the time in epoch seconds after which a request is refused. */
const expiresParameter = "expires";
const signatureParameter = "signature";

/** Creates a signer with HMAC-SHA256 over method, path and parameters. */
export const createUrlSigner = ({ key, expirySeconds, now }: UrlSignerOptions): UrlSigner => {
  const computeSignature = (method: string, path: string, parameters: URLSearchParams): Buffer => {
    const sorted = new URLSearchParams(parameters);
    sorted.delete(signatureParameter);
    sorted.sort();
    return createHmac("sha256", key).update(`${method}\n${path}\n${sorted}`).digest();
  };
  const signParameters: UrlSigner["signParameters"] = (method, path, parameters, seconds = expirySeconds) => {
    const expires = String(Math.floor(now() / 1000) + seconds);
    const signed = { ...parameters, [expiresParameter]: expires };
    const signature = computeSignature(method, path, new URLSearchParams(signed)).toString("base64url");
    return { ...signed, [signatureParameter]: signature };
  };
  return {
    signParameters,
    signUrl: (...parameters) => `${parameters[1]}?${new URLSearchParams(signParameters(...parameters))}`,
    verify(method, path, parameters) {
      const expected = computeSignature(method, path, parameters);
      const actual = Buffer.from(parameters.get(signatureParameter) ?? "", "base64url");
      if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return "invalid";
      return Number(parameters.get(expiresParameter)) * 1000 > now() ? "valid" : "expired";
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
