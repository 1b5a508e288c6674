import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { CommandError, UsageError } from "../errors/errors.ts";
import * as z from "../schema/z.ts";
import { hashPassword, parsePassword, passwordHashPattern, verifyPassword } from "./password.ts";
import { type TokenScope, tokenScopes } from "./token-scope.ts";

const time = z.string().check(z.refine((text) => !Number.isNaN(Date.parse(text)), "must be ISO 8601"));
/** Groups of users. An operator sees and changes everything, every other user only what belongs to them. */
export const userGroups = ["operators"] as const;
const userSchema = z.object({
  /** Random. The owner id of the user's uploads, jobs and responses; a new password does not change it. */
  id: z.string(),
  name: z.string(),
  groups: z.array(z.enum(userGroups)),
  passwordHash: z.string().check(z.regex(passwordHashPattern)),
  createdAt: time,
});
const tokenSchema = z.object({
  id: z.string(),
  name: z.string(),
  scope: z.enum(tokenScopes),
  /** Id of the user that the token acts for; absent: an operator. */
  ownerId: z.optional(z.string()),
  /** SHA-256 of the secret, hexadecimal. */
  secretHash: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  createdAt: time,
  expiresAt: time,
});
/** 32 bytes in base64url. */
const key = z.string().check(z.regex(/^[\w-]{43}$/));
const createKey = (): string => randomBytes(32).toString("base64url");

/** The keys of the API. */
export const apiKeysSchema = z.object({
  sessionKey: key,
  /** The key before the last rotation: sessions that it has signed stay valid until they expire. */
  previousSessionKey: z.optional(key),
  /** Key of the hashes of e-mail addresses. */
  responseKey: key,
});

/** Users, tokens and the keys of the API. */
export const accountsSchema = z.extend(apiKeysSchema, {
  users: z.array(userSchema),
  tokens: z.array(tokenSchema),
});
/** Users, tokens and the keys of the API. */
export type Accounts = z.output<typeof accountsSchema>;
/** A user who signs in with a password. */
export type User = Accounts["users"][number];
/** A token without its secret. */
export type AccessToken = Omit<Accounts["tokens"][number], "secretHash">;

/** Creates empty accounts with new keys. */
export const createAccounts = (): Accounts => ({
  users: [],
  tokens: [],
  sessionKey: createKey(),
  responseKey: createKey(),
});

/**
 * Replaces the key that signs sessions.
 *
 * @param endsSessions whether all sessions end at once; otherwise they stay valid until they expire
 */
export const rotateSessionKey = <Keys extends Pick<Accounts, "sessionKey" | "previousSessionKey">>(
  keys: Keys,
  endsSessions: boolean,
): Keys => ({
  ...keys,
  sessionKey: createKey(),
  previousSessionKey: endsSessions ? undefined : keys.sessionKey,
});

const hashSecret = (secret: string): Buffer => createHash("sha256").update(secret).digest();

/** Checks the name of a user: an e-mail address or another name without spaces. @throws UsageError */
export const parseUserName = (text: string): string => {
  if (!/^[^\s\p{C}]{1,254}$/u.test(text))
    throw new UsageError(
      `User name ${JSON.stringify(text)} is not valid. Use 1 to 254 characters without spaces, e.g. an e-mail address.`,
    );
  return text.normalize("NFC").toLowerCase();
};

/** Adds a user, or sets the password of an existing one, which ends their sessions. @throws UsageError */
export const setUser = async (
  accounts: Accounts,
  {
    name,
    password,
    isOperator,
  }: {
    readonly name: string;
    readonly password: string;
    /** @default unchanged; false for a new user */
    readonly isOperator?: boolean | undefined;
  },
  now: Date,
): Promise<Accounts> => {
  const userName = parseUserName(name);
  const existing = accounts.users.find((user) => user.name === userName);
  const user: User = {
    id: existing?.id ?? randomBytes(12).toString("hex"),
    name: userName,
    groups: isOperator === undefined ? (existing?.groups ?? []) : isOperator ? ["operators"] : [],
    passwordHash: await hashPassword(parsePassword(password)),
    createdAt: now.toISOString(),
  };
  return { ...accounts, users: [...accounts.users.filter((other) => other !== existing), user] };
};

/** Whether a user sees and changes what belongs to others. */
export const isOperator = ({ groups }: { readonly groups: readonly string[] }): boolean =>
  groups.includes("operators");

/** Finds a user by name. @throws CommandError if the user does not exist */
export const findUser = ({ users }: Accounts, name: string): User => {
  const userName = parseUserName(name);
  const found = users.find((user) => user.name === userName);
  if (found === undefined)
    throw new CommandError(
      `User ${name} does not exist. To list the users: npx reelway users list, with the same --data or --stage`,
    );
  return found;
};

/** Removes a user and the user's tokens, which ends their sessions. @throws CommandError if the user does not exist */
export const removeUser = (accounts: Accounts, name: string): Accounts => {
  const removed = findUser(accounts, name);
  return {
    ...accounts,
    users: accounts.users.filter((user) => user !== removed),
    tokens: accounts.tokens.filter(({ ownerId }) => ownerId !== removed.id),
  };
};

/** Finds the user with a password; undefined if either is wrong, after the same time. */
export const findUserByPassword = async (
  { users }: Accounts,
  name: string,
  password: string,
): Promise<User | undefined> => {
  const user = users.find((other) => other.name === name.normalize("NFC").toLowerCase());
  return (await verifyPassword(password, user?.passwordHash)) ? user : undefined;
};

const dayMs = 86_400_000;
/** Prefix of a token, by which scanners find leaked ones. */
const tokenPrefix = "reelway_";

/** Checks the name of a token. @throws UsageError */
const parseTokenName = (text: string): string => {
  const name = text.trim();
  if (!/^[^\p{C}]{1,100}$/u.test(name))
    throw new UsageError(
      `Token name ${JSON.stringify(text)} is not valid. Use 1 to 100 printable characters that say what uses the token, e.g. backup.`,
    );
  return name;
};

/** Creates a token. Only its hash is stored, so the result contains the token for the only time. */
export const createToken = (
  accounts: Accounts,
  {
    name,
    scope,
    days,
    ownerId,
  }: {
    readonly name: string;
    readonly scope: TokenScope;
    readonly days: number;
    /** Id of the user that the token acts for. @default an operator */
    readonly ownerId?: string | undefined;
  },
  now: Date,
): { readonly accounts: Accounts; readonly token: string; readonly id: string } => {
  const id = randomBytes(6).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  const record = {
    id,
    name: parseTokenName(name),
    scope,
    ...(ownerId === undefined ? {} : { ownerId }),
    secretHash: hashSecret(secret).toString("hex"),
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + days * dayMs).toISOString(),
  };
  const tokens = [...accounts.tokens.filter((token) => Date.parse(token.expiresAt) > now.getTime()), record];
  return { accounts: { ...accounts, tokens }, token: `${tokenPrefix}${id}_${secret}`, id };
};

/** Revokes a token. @throws CommandError if it does not exist */
export const revokeToken = (accounts: Accounts, id: string): Accounts => {
  const tokens = accounts.tokens.filter((token) => token.id !== id);
  if (tokens.length === accounts.tokens.length)
    throw new CommandError(
      `Token ${id} does not exist. To list the tokens: npx reelway tokens list, with the same --data or --stage`,
    );
  return { ...accounts, tokens };
};

/** Finds the record of a valid token; undefined if it is unknown, altered, revoked or expired. */
export const findToken = ({ tokens }: Accounts, token: string, now: Date): AccessToken | undefined => {
  const [, id, secret = ""] = new RegExp(`^${tokenPrefix}([0-9a-f]{12})_([\\w-]{43})$`).exec(token) ?? [];
  const record = tokens.find((other) => other.id === id);
  if (record === undefined || Date.parse(record.expiresAt) <= now.getTime()) return undefined;
  return timingSafeEqual(hashSecret(secret), Buffer.from(record.secretHash, "hex")) ? record : undefined;
};
