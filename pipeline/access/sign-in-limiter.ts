import type { Clock } from "../ports/clock.ts";

const windowMs = 15 * 60_000;
const maxFailuresPerName = 5;
const maxFailures = 100;

/** Limits failed attempts to sign in: 5 per name and 100 in all within 15 minutes. */
export interface SignInLimiter {
  /** Seconds until the next attempt for a name is allowed; 0 if it is allowed now. */
  getWaitSeconds(name: string): number;
  recordFailure(name: string): void;
  /** Forgets the failures of a name. */
  recordSuccess(name: string): void;
}

/** Creates a limiter that keeps its counts in memory. */
export const createSignInLimiter = (clock: Clock): SignInLimiter => {
  /** Oldest first. */
  let failures: readonly { readonly name: string; readonly atMs: number }[] = [];
  const getNowMs = () => clock.now().getTime();
  const getWaitMs = (found: typeof failures, limit: number): number => {
    const oldestCounted = found.at(-limit);
    return oldestCounted === undefined ? 0 : oldestCounted.atMs + windowMs - getNowMs();
  };
  const removeExpired = (): void => {
    failures = failures.filter(({ atMs }) => atMs + windowMs > getNowMs());
  };
  return {
    getWaitSeconds(name) {
      removeExpired();
      const ofName = failures.filter((failure) => failure.name === name);
      return Math.ceil(
        Math.max(getWaitMs(ofName, maxFailuresPerName), getWaitMs(failures, maxFailures)) / 1000,
      );
    },
    recordFailure(name) {
      removeExpired();
      failures = [...failures, { name, atMs: getNowMs() }];
    },
    recordSuccess(name) {
      failures = failures.filter((failure) => failure.name !== name);
    },
  };
};
