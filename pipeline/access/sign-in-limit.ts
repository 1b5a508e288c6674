import { createHash } from "node:crypto";
import type { RateLimiter } from "../ports/rate-limiter.ts";

const windowSeconds = 15 * 60;
/** NIST SP 800-63B, section 3.2.2: at most 100 failed attempts for one user. */
const maxAttemptsPerName = 100;
const maxAttemptsPerAddress = 100;
const maxAttemptsPerNameAndAddress = 10;

const toKey = (...parts: readonly string[]): string =>
  `sign-in ${createHash("sha256").update(JSON.stringify(parts)).digest("base64url")}`;

/**
 * Counts an attempt to sign in with a password: 10 per name and client address, 100 per address and 100 per name within
 * 15 minutes. Refused attempts use up no wider limit, so a single address cannot lock a user out everywhere.
 *
 * @returns 0 if the attempt is allowed, else the seconds to wait
 */
export const takePasswordAttempt = async (
  limiter: RateLimiter,
  name: string,
  address: string,
): Promise<number> => {
  const user = name.normalize("NFC").toLowerCase();
  return (
    (await limiter.take(toKey("name", user, address), maxAttemptsPerNameAndAddress, windowSeconds)) ||
    (await limiter.take(toKey("address", address), maxAttemptsPerAddress, windowSeconds)) ||
    (await limiter.take(toKey("name", user), maxAttemptsPerName, windowSeconds))
  );
};

/**
 * Counts a return from the identity provider, each of which sends requests to it: 100 per client address within 15
 * minutes.
 *
 * @returns 0 if it is allowed, else the seconds to wait
 */
export const takeProviderAttempt = (limiter: RateLimiter, address: string): Promise<number> =>
  limiter.take(toKey("callback", address), maxAttemptsPerAddress, windowSeconds);
