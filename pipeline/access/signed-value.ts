import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import type { Accounts } from "./accounts.ts";
import { createTextSigner, type TextSigner } from "./text-signer.ts";

/** Keys that sign values for browsers. */
export type SessionKeys = Pick<Accounts, "sessionKey" | "previousSessionKey">;

const expirySchema = z.object({
  /** Epoch seconds. */
  expiresAt: z.number(),
});

/** Decodes the keys that verify signatures, 32 bytes each; the first signs. */
export const decodeSessionKeys = ({ sessionKey, previousSessionKey }: SessionKeys): readonly Uint8Array[] =>
  [sessionKey, previousSessionKey].flatMap((key) =>
    key === undefined ? [] : [Buffer.from(key, "base64url")],
  );

const createSigner = (keys: SessionKeys, purpose: string): TextSigner =>
  createTextSigner(purpose, async () => decodeSessionKeys(keys));

/**
 * Signs a value, which everybody can read: `PAYLOAD.SIGNATURE`, both in base64url.
 *
 * @param purpose one line; a value that is signed for one purpose is refused for every other
 * @param seconds validity
 */
export const signValue = async (
  keys: SessionKeys,
  purpose: string,
  value: object,
  now: Date,
  seconds: number,
): Promise<string> => {
  const payload = Buffer.from(
    JSON.stringify({ ...value, expiresAt: Math.floor(now.getTime() / 1000) + seconds }),
  ).toString("base64url");
  return `${payload}.${await createSigner(keys, purpose).sign(payload)}`;
};

/** Reads a signed value; undefined if it is altered or expired, or signed for another purpose. */
export const readSignedValue = async <Schema extends z.ZodMiniType>(
  keys: SessionKeys,
  purpose: string,
  schema: Schema,
  text: string,
  now: Date,
): Promise<z.output<Schema> | undefined> => {
  const [payload = "", signature = "", ...others] = text.split(".");
  if (others.length > 0 || !(await createSigner(keys, purpose).verify(payload, signature))) return undefined;
  const value = parseJson(Buffer.from(payload, "base64url").toString());
  const expiry = z.safeParse(expirySchema, value);
  if (!expiry.success || expiry.data.expiresAt * 1000 <= now.getTime()) return undefined;
  const parsed = z.safeParse(schema, value);
  return parsed.success ? parsed.data : undefined;
};
