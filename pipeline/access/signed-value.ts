import { createHmac, timingSafeEqual } from "node:crypto";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";

/** Keys that sign values for browsers, 32 bytes in base64url each. */
export interface SigningKeys {
  readonly sessionKey: string;
  /** The key before the last rotation. What it has signed stays valid until it expires. */
  readonly previousSessionKey?: string | undefined;
}

const expirySchema = z.object({
  /** Epoch seconds. */
  expiresAt: z.number(),
});

const sign = (key: string, purpose: string, payload: string): Buffer =>
  Buffer.from(
    createHmac("sha256", Buffer.from(key, "base64url")).update(`${purpose}\n${payload}`).digest("base64url"),
  );

/**
 * Signs a value, which everybody can read: `PAYLOAD.SIGNATURE`, both in base64url.
 *
 * @param purpose one line; a value that is signed for one purpose is refused for every other
 * @param seconds validity
 */
export const signValue = (
  { sessionKey }: SigningKeys,
  purpose: string,
  value: object,
  now: Date,
  seconds: number,
): string => {
  const payload = Buffer.from(
    JSON.stringify({ ...value, expiresAt: Math.floor(now.getTime() / 1000) + seconds }),
  ).toString("base64url");
  return `${payload}.${sign(sessionKey, purpose, payload)}`;
};

/** Reads a signed value; undefined if it is altered or expired, or signed for another purpose. */
export const readSignedValue = <Schema extends z.ZodMiniType>(
  { sessionKey, previousSessionKey }: SigningKeys,
  purpose: string,
  schema: Schema,
  text: string,
  now: Date,
): z.output<Schema> | undefined => {
  const [payload = "", signature = "", ...others] = text.split(".");
  const isSignedWith = (key: string | undefined): boolean => {
    if (key === undefined) return false;
    const expected = sign(key, purpose, payload);
    const actual = Buffer.from(signature);
    return actual.length === expected.length && timingSafeEqual(actual, expected);
  };
  if (others.length > 0 || ![sessionKey, previousSessionKey].some(isSignedWith)) return undefined;
  const value = parseJson(Buffer.from(payload, "base64url").toString());
  const expiry = z.safeParse(expirySchema, value);
  if (!expiry.success || expiry.data.expiresAt * 1000 <= now.getTime()) return undefined;
  const parsed = z.safeParse(schema, value);
  return parsed.success ? parsed.data : undefined;
};
