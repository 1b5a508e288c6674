/** The `code` of a system error, e.g. `ENOENT`. */
export const getSystemErrorCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;

/** True if the volume is full or the user's quota is exceeded. */
export const isDiskFullError = (cause: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes(getSystemErrorCode(cause) ?? "");
