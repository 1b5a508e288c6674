import { createHmac, timingSafeEqual } from "node:crypto";

/** A video that everybody may play who has the link, until a time. */
export interface Share {
  /** Id of the job. */
  readonly videoId: string;
  readonly expiresAt: Date;
}

const computeSignature = (key: Uint8Array, payload: string): Buffer =>
  createHmac("sha256", key).update(`share\n${payload}`).digest();

/** Creates the token of a share: `VIDEO.EXPIRES.SIGNATURE`, with the expiry in epoch seconds and base 36. */
export const createShareToken = (key: Uint8Array, { videoId, expiresAt }: Share): string => {
  const payload = `${videoId}.${Math.floor(expiresAt.getTime() / 1000).toString(36)}`;
  return `${payload}.${computeSignature(key, payload).toString("base64url")}`;
};

/** Parses the token of a share, expired or not; undefined if it is not signed with the key. */
export const parseShareToken = (key: Uint8Array, token: string): Share | undefined => {
  const [, payload = "", videoId = "", expires = "", signature = ""] =
    /^((\w+)\.([0-9a-z]{1,8}))\.([\w-]{43})$/.exec(token) ?? [];
  const expected = computeSignature(key, payload);
  const actual = Buffer.from(signature, "base64url");
  if (actual.length !== expected.length || !timingSafeEqual(actual, expected)) return undefined;
  return { videoId, expiresAt: new Date(Number.parseInt(expires, 36) * 1000) };
};
