import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import type { Accounts } from "./accounts.ts";

/** Lifetime of a session in seconds. */
export const sessionSeconds = 12 * 3600;

const payloadSchema = z.object({
  user: z.string(),
  /** Identifies the password that the user signed in with. */
  credential: z.string(),
  /** Epoch seconds. */
  expiresAt: z.number(),
});

const identifyCredential = (passwordHash: string): string =>
  createHash("sha256").update(passwordHash).digest("base64url").slice(0, 16);

const sign = (sessionKey: string, payload: string): Buffer =>
  createHmac("sha256", Buffer.from(sessionKey, "base64url")).update(payload).digest();

/** Creates a signed session: `PAYLOAD.SIGNATURE`, both in base64url. */
export const createSession = (
  { sessionKey }: Accounts,
  user: Accounts["users"][number],
  now: Date,
): string => {
  const payload = Buffer.from(
    JSON.stringify({
      user: user.name,
      credential: identifyCredential(user.passwordHash),
      expiresAt: Math.floor(now.getTime() / 1000) + sessionSeconds,
    }),
  ).toString("base64url");
  return `${payload}.${sign(sessionKey, payload).toString("base64url")}`;
};

/**
 * Finds the user of a session; undefined if it is altered or expired, or if the user has been removed or has another
 * password.
 */
export const findSessionUser = (
  { users, sessionKey }: Accounts,
  session: string,
  now: Date,
): Accounts["users"][number] | undefined => {
  const [payload = "", signature = "", ...others] = session.split(".");
  const signatureBytes = Buffer.from(signature, "base64url");
  const expected = sign(sessionKey, payload);
  if (
    others.length > 0 ||
    signatureBytes.length !== expected.length ||
    !timingSafeEqual(signatureBytes, expected)
  )
    return undefined;
  const parsed = z.safeParse(payloadSchema, parseJson(Buffer.from(payload, "base64url").toString()));
  if (!parsed.success || parsed.data.expiresAt * 1000 <= now.getTime()) return undefined;
  return users.find(
    ({ name, passwordHash }) =>
      name === parsed.data.user && identifyCredential(passwordHash) === parsed.data.credential,
  );
};
