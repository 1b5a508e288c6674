import { createHash } from "node:crypto";
import * as z from "../schema/z.ts";
import type { Accounts, User } from "./accounts.ts";
import { readSignedValue, type SessionKeys, signValue } from "./signed-value.ts";

/** Lifetime of a session in seconds. */
export const sessionSeconds = 12 * 3600;

const payloadSchema = z.object({
  ownerId: z.string(),
  name: z.string(),
  groups: z.array(z.string()),
  /** Identifies the password that the user signed in with; absent after a sign-in at an identity provider. */
  credential: z.optional(z.string()),
});

/** The user of a session. */
export interface SessionUser {
  /** Id of a user of the accounts, or the subject at the identity provider. */
  readonly ownerId: string;
  readonly name: string;
  readonly groups: readonly string[];
}

const identifyCredential = (passwordHash: string): string =>
  createHash("sha256").update(passwordHash).digest("base64url").slice(0, 16);

/** Sessions of an identity provider are for this provider only: another one may give the same subject to somebody else. */
const getPurpose = (issuer: string | undefined): string => `session ${issuer ?? ""}`;

/** Creates the session of a user who has signed in with a password. It ends with the password. */
export const createPasswordSession = (
  keys: SessionKeys,
  { id, name, groups, passwordHash }: User,
  now: Date,
): Promise<string> => {
  const payload = { ownerId: id, name, groups, credential: identifyCredential(passwordHash) };
  return signValue(keys, getPurpose(undefined), payload, now, sessionSeconds);
};

/** Creates the session of a user who has signed in at an identity provider. Nothing ends it early. */
export const createProviderSession = (
  keys: SessionKeys,
  issuer: string,
  { ownerId, name, groups }: SessionUser,
  now: Date,
): Promise<string> => signValue(keys, getPurpose(issuer), { ownerId, name, groups }, now, sessionSeconds);

/**
 * Finds the user of a session; undefined if it is altered or expired, or if a password user has been removed or has
 * another password.
 *
 * @param issuer the identity provider; undefined if users sign in with a password
 */
export const findSessionUser = async (
  accounts: Accounts,
  issuer: string | undefined,
  session: string,
  now: Date,
): Promise<SessionUser | undefined> => {
  const payload = await readSignedValue(accounts, getPurpose(issuer), payloadSchema, session, now);
  if (payload === undefined || issuer !== undefined) return payload;
  const user = accounts.users.find(
    ({ id, passwordHash }) =>
      id === payload.ownerId && identifyCredential(passwordHash) === payload.credential,
  );
  return user && { ownerId: user.id, name: user.name, groups: user.groups };
};
