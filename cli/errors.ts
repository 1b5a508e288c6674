import { inspect } from "node:util";
import { CommanderError } from "commander";
import type { $ZodError } from "zod/v4/core";
import { describeServiceError, toAccessError } from "../adapters/aws/aws-error.ts";
import { describeSystemError, getSystemErrorCode } from "../adapters/local/system-error.ts";
import { readPackageManifest } from "../build/package-manifest.ts";
import { formatError, listCauses, UserError } from "../pipeline/errors/errors.ts";
import { StoreFailure } from "../pipeline/ports/store-failure.ts";
import { toPrintable } from "../pipeline/text/format.ts";

/** The error or request for help that ended a command, and its exit status. */
export type ClassifiedError =
  /** Commander has printed the message or the help. */
  | { readonly kind: "printed"; readonly exitStatus: number }
  | { readonly kind: "user"; readonly exitStatus: number; readonly message: string }
  | { readonly kind: "bug"; readonly exitStatus: number; readonly message: string };

/** EX_SOFTWARE of sysexits.h. */
const bugExitStatus = 70;

/** Recognizes an error of zod by its name: an import of zod would slow down the start of every command. */
const isZodError = (error: Error): error is $ZodError => /^\$?ZodError$/.test(error.name);

/** Describes an error of another program, a service or the operating system; undefined for a bug. */
const describeExternalError = (error: Error): string | undefined => {
  if (isZodError(error)) {
    const issues = error.issues.map(({ path, message }) => `${path.join(".") || "the document"}: ${message}`);
    return `A document does not have the expected form: ${issues.join("; ")}.`;
  }
  if (error instanceof StoreFailure && error.kind !== "unknown") return formatError(error);
  if (getSystemErrorCode(error)?.startsWith("LEVEL_"))
    return `The embedded database failed: ${formatError(error)}`;
  if (error.name === "TimeoutError") return `A request timed out: ${formatError(error)}`;
  return describeSystemError(error) ?? describeServiceError(error);
};

/** Distinguishes errors that the user can fix from bugs, which are all errors without a class or description. */
export const classifyError = (cause: unknown): ClassifiedError => {
  if (cause instanceof CommanderError) return { kind: "printed", exitStatus: cause.exitCode === 0 ? 0 : 2 };
  const causes = listCauses(cause);
  const userError = causes.find((error) => error instanceof UserError) ?? toAccessError(cause);
  if (userError !== undefined)
    return { kind: "user", exitStatus: userError.exitStatus, message: userError.message };
  for (const error of causes) {
    const description = describeExternalError(error);
    if (description !== undefined) return { kind: "user", exitStatus: 1, message: description };
  }
  if (causes[0]?.name === "AbortError")
    return { kind: "user", exitStatus: 1, message: "The command was stopped." };
  return { kind: "bug", exitStatus: bugExitStatus, message: formatError(cause) };
};

/** Renders an error for standard error; causes and stack traces only with `--verbose`. */
export const renderError = (cause: unknown, isVerbose: boolean): string => {
  const error = classifyError(cause);
  if (error.kind === "printed") return "";
  const trace = isVerbose ? [inspect(cause, { depth: 4 })] : [];
  const lines =
    error.kind === "user"
      ? [`reelway: ${error.message}`, ...trace]
      : [
          `reelway: Unexpected error: ${error.message}`,
          ...trace,
          `This is a fault of Reelway. Please report it with the command, the version (${readPackageManifest().version}, Node.js ${process.version}) and ${isVerbose ? "this output" : "the output of the same command with --verbose"}.`,
        ];
  return `${lines
    .flatMap((line) => line.split("\n"))
    .map(toPrintable)
    .join("\n")}\n`;
};
