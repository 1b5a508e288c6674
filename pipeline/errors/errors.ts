/**
 * An error that a person can act on. The message stands alone: what failed, on which object, why, and what to do. Any
 * other error that reaches the top level of the command line is a bug.
 */
export class UserError extends Error {
  /** The exit status of a command that ends with it. */
  readonly exitStatus: number = 1;

  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The user's input is not valid. */
export class UsageError extends UserError {
  override readonly exitStatus = 2;
}

/** A command failed for an expected reason. */
export class CommandError extends UserError {}

/** Formats an error's message in one line. */
export const formatError = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s*\n\s*/g, " ");

/** Lists an error and its causes, the outermost first; an AggregateError is followed by its errors. */
export const listCauses = (cause: unknown): readonly Error[] =>
  cause instanceof Error
    ? [
        cause,
        ...(cause instanceof AggregateError ? cause.errors.flatMap(listCauses) : []),
        ...listCauses(cause.cause),
      ]
    : [];
