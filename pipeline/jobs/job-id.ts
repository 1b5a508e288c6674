import { createHash } from "node:crypto";
import type { JobSource } from "../attempts/source.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

const encodeBase32 = (bytes: Uint8Array): string => {
  let text = "";
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(pending >> bits) & 31];
      pending &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? text + alphabet[(pending << (5 - bits)) & 31] : text;
};

/**
 * The id of the job of an object version and a route: SHA-256 in base32 (RFC 4648, lower case, no padding;
 * 52 characters). Each part is preceded by its length, so that two sources never have the same input.
 *
 * @param route name of the route, or null for an object without a route
 */
export const computeJobId = (
  source: Pick<JobSource, "bucket" | "key" | "versionId" | "etag" | "sequencer">,
  route: string | null,
): string => {
  const version =
    source.versionId === undefined || source.versionId === "" || source.versionId === "null"
      ? `s:${source.etag ?? ""}:${source.sequencer ?? ""}`
      : `v:${source.versionId}`;
  const hash = createHash("sha256");
  for (const part of [source.bucket, source.key, version, route ?? ""])
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  return encodeBase32(hash.digest());
};

/** True for the id of a Reelway job. The id of a transcoder job has 13 digits, a hyphen and 6 characters. */
export const isJobId = (id: string): boolean => /^[a-z2-7]{52}$/.test(id);

/** RunTask's `clientToken` of one attempt (at most 64 characters). */
export const buildClientToken = (id: string, attempt: number): string => `${id}-${attempt}`;

/** SHA-256, hexadecimal, of a source's bucket and key. Fits into object metadata for any key. */
export const hashSource = (bucket: string, key: string): string =>
  createHash("sha256").update(`${bucket}\n${key}`).digest("hex");
