import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { UsageError } from "../errors/errors.ts";

/** Cost parameters of scrypt. A hash takes 32 MB and about 0.2 s (OWASP Password Storage Cheat Sheet, scrypt). */
const cost = { N: 2 ** 15, r: 8, p: 3 } as const;
const saltBytes = 16;
const hashBytes = 32;
/** NIST SP 800-63B, section 3.1.1.2: at least 15 characters without a second factor, and at least 64 allowed. */
const minPasswordLength = 15;
const maxPasswordLength = 1024;

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

const computeHash = (
  password: string,
  salt: Buffer,
  { N, r, p }: typeof cost | Record<"N" | "r" | "p", number>,
) => derive(password.normalize("NFKC"), salt, hashBytes, { N, r, p, maxmem: 256 * N * r });

/** Checks a new password. @throws UsageError */
export const parsePassword = (password: string): string => {
  const length = [...password].length;
  if (length < minPasswordLength || length > maxPasswordLength)
    throw new UsageError(
      `The password has ${length} characters. Use ${minPasswordLength} to ${maxPasswordLength}, e.g. four or more words.`,
    );
  return password;
};

/** Hashes a password with a new salt: `scrypt$N$r$p$SALT$HASH`, salt and hash in base64url. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(saltBytes);
  const hash = await computeHash(password, salt, cost);
  return ["scrypt", cost.N, cost.r, cost.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
};

/** Format of `hashPassword`. */
export const passwordHashPattern = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w-]{22})\$([\w-]{43})$/;

/**
 * Verifies a password in constant time.
 *
 * @param passwordHash undefined for an unknown user, which takes as long as a wrong password
 */
export const verifyPassword = async (
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> => {
  const [, N, r, p, salt = "", hash = ""] = passwordHashPattern.exec(passwordHash ?? "") ?? [];
  if (N === undefined) {
    await computeHash(password, Buffer.alloc(saltBytes), cost);
    return false;
  }
  const computed = await computeHash(password, Buffer.from(salt, "base64url"), {
    N: Number(N),
    r: Number(r),
    p: Number(p),
  });
  return timingSafeEqual(computed, Buffer.from(hash, "base64url"));
};
