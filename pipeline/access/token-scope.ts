/** What a token may be used for: `read` allows reading, `write` also changes. */
export const tokenScopes = ["read", "write"] as const;
/** Scope of a token. */
export type TokenScope = (typeof tokenScopes)[number];
