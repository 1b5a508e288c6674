import { UserError } from "../errors/errors.ts";
import type * as z from "../schema/z.ts";

/** A function's environment lacks a variable or holds a wrong one; it cannot start. */
export class EnvironmentError extends UserError {
  constructor(program: string, problems: readonly string[]) {
    super(
      `${program} cannot start, its environment is wrong: ${problems.join("; ")}. Set it where the function is deployed.`,
    );
    this.name = "EnvironmentError";
  }
}

/**
 * Reads a program's environment at its start.
 *
 * @param program its name, for the message
 * @throws EnvironmentError naming every variable that is missing or wrong; values are not repeated
 */
export const parseEnvironment = <Schema extends z.ZodMiniType>(
  program: string,
  schema: Schema,
  environment: Readonly<Record<string, string | undefined>>,
): z.output<Schema> => {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new EnvironmentError(
    program,
    parsed.error.issues.map(({ path, message }) => {
      const name = path.map(String).join(".");
      return environment[name] === undefined ? `${name} is missing` : `${name}: ${message}`;
    }),
  );
};
