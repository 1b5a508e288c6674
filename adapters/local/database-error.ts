import { listCauses, UserError } from "../../pipeline/errors/errors.ts";
import { getSystemErrorCode } from "./system-error.ts";

/** Cause of a failure of the embedded database. */
export type DatabaseFailureKind = "locked" | "damaged" | "unavailable" | "unreachable";

/** The embedded database cannot be opened or used. The message is for the user. */
export class DatabaseFailure extends UserError {
  readonly kind: DatabaseFailureKind;
  constructor(kind: DatabaseFailureKind, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "DatabaseFailure";
    this.kind = kind;
  }
}

/** Codes of classic-level (README, "Errors") for corrupt files. */
const corruptionCodes = new Set(["LEVEL_CORRUPTION", "LEVEL_DECODING_ERROR", "LEVEL_DECODE_ERROR"]);

/** Classifies an error of LevelDB, whose reason is often a nested `cause`. */
const classifyError = (cause: unknown): keyof typeof formatMessage => {
  const chain = listCauses(cause);
  if (chain.some((error) => getSystemErrorCode(error) === "LEVEL_LOCKED")) return "locked";
  return chain.some(
    (error) => corruptionCodes.has(getSystemErrorCode(error) ?? "") || error instanceof SyntaxError,
  )
    ? "damaged"
    : "unavailable";
};

/** The innermost message, which contains the file. */
const getRootMessage = (cause: unknown): string => listCauses(cause).at(-1)?.message ?? String(cause);

const formatMessage: Readonly<
  Record<Exclude<DatabaseFailureKind, "unreachable">, (directory: string, reason: string) => string>
> = {
  locked: (directory) => `The database ${directory} is in use by another process.`,
  damaged: (directory, reason) => `The database ${directory} is damaged: ${reason}.`,
  unavailable: (directory, reason) => `The database ${directory} cannot be used: ${reason}.`,
};

/** The folder for the database's socket cannot be created, so other processes cannot connect. */
export const buildSocketFailure = (directory: string, cause: unknown): DatabaseFailure =>
  new DatabaseFailure(
    "unreachable",
    `The database's socket cannot be created in ${directory}: ${getRootMessage(cause)}. Set TMPDIR to a folder with a short path that this user can write to.`,
    { cause },
  );

/** Converts an error of LevelDB to a failure that names the database's folder and the reason. */
export const toDatabaseFailure = (directory: string, cause: unknown): DatabaseFailure => {
  if (cause instanceof DatabaseFailure) return cause;
  const kind = classifyError(cause);
  return new DatabaseFailure(kind, formatMessage[kind](directory, getRootMessage(cause).replace(/\.$/, "")), {
    cause,
  });
};
