import { getSystemErrorMap } from "node:util";

/** The `code` of a system error, e.g. `ENOENT`. */
export const getSystemErrorCode = (cause: unknown): string | undefined =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : undefined;

const diskFullCodes: ReadonlySet<string | undefined> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);
const networkCodes: ReadonlySet<string | undefined> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** Errors due to the user's files, folders and volumes. */
const fileCodes: ReadonlySet<string | undefined> = new Set([
  ...diskFullCodes,
  "EACCES",
  "EBUSY",
  "EEXIST",
  "EIO",
  "EISDIR",
  "ELOOP",
  "EMFILE",
  "ENAMETOOLONG",
  "ENFILE",
  "ENOENT",
  "ENOTDIR",
  "ENOTEMPTY",
  "EPERM",
  "EROFS",
]);

/** True if the volume is full, the quota is exceeded, or the file is too large. */
export const isDiskFullError = (cause: unknown): boolean => diskFullCodes.has(getSystemErrorCode(cause));

/** True if another host or process cannot be reached. */
export const isNetworkError = (cause: unknown): boolean => networkCodes.has(getSystemErrorCode(cause));

/** Describes an error of the file system, the network or the start of a program; undefined for other errors. */
export const describeSystemError = (cause: unknown): string | undefined => {
  const code = getSystemErrorCode(cause);
  const {
    syscall,
    path,
    errno,
    ...socket
  }: Partial<NodeJS.ErrnoException> & {
    readonly hostname?: string;
    readonly address?: string;
    readonly port?: number;
  } = cause instanceof Error ? cause : {};
  if (code === "EADDRINUSE")
    return `Port ${socket.port} of ${socket.address} is in use. Choose another port, or stop the program that uses it.`;
  if (networkCodes.has(code)) {
    const host = socket.hostname ?? socket.address ?? "The remote host";
    return `${host}${socket.port === undefined ? "" : `:${socket.port}`} cannot be reached (${code}). Check its address and the network connection.`;
  }
  if (code === "ENOENT" && syscall?.startsWith("spawn"))
    return `The program ${path} was not found. Install it, or add its folder to PATH.`;
  if (!fileCodes.has(code) || syscall === undefined) return undefined;
  const [, reason] = getSystemErrorMap().get(errno ?? 0) ?? [];
  return `${path ?? "A file"} cannot be used: ${reason ?? "the file system refuses it"} (${code}, ${syscall}).`;
};
