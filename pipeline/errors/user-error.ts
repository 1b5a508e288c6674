/** What the person typed cannot be done as typed; the program ends with status 2. */
export class WrongUsage extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WrongUsage";
  }
}

/** A command could not do what was asked; the program ends with status 1. The message stands alone. */
export class CommandFailed extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "CommandFailed";
  }
}

/** An error in one line, for a person. */
export const oneLine = (cause: unknown): string =>
  (cause instanceof Error ? cause.message : String(cause)).replaceAll(/\s*\n\s*/g, " ");
