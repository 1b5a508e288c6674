import { UserError } from "../errors/errors.ts";
import type * as z from "../schema/z.ts";

/** An environment variable is missing or not valid, so the function cannot start. */
export class EnvironmentError extends UserError {
  constructor(program: string, problems: readonly string[]) {
    super(
      `${program} cannot start because its environment is not valid: ${problems.join("; ")}. Correct the variables in the function's configuration.`,
    );
    this.name = "EnvironmentError";
  }
}

/**
 * Parses a program's environment variables at start.
 *
 * @param program name for the message
 * @throws EnvironmentError that names every missing or invalid variable, without values
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
