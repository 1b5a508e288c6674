import type { TokenBucket } from "../../pipeline/ports/token-bucket.ts";

/** A bucket that always has tokens: child processes start at any rate. */
export const unlimitedTokens: TokenBucket = { take: async () => 0 };
