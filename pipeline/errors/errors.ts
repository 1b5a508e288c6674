/** What the person typed cannot be done as typed; the program ends with status 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

/** A command could not do what was asked; the program ends with status 1. The message stands alone. */
export class CommandError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "CommandError";
  }
}

/** An error in one line, for a person. */
export const formatError = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s*\n\s*/g, " ");
