/** The `code` of a system error, e.g. `ENOENT`. */
export const getSystemErrorCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;

/** True where a volume has no room left, for anybody or for this user. */
export const isDiskFullError = (cause: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes(getSystemErrorCode(cause) ?? "");
