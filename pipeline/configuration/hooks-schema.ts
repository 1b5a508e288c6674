import * as z from "zod";
import { formatError, UserError } from "../errors/errors.ts";

const pathSchema = z
  .string()
  .regex(
    /^\.\/(?!(?:.*\/)?\.\.(?:\/|$)).+\.m?[jt]s$/,
    "must be the path of a TypeScript or JavaScript file in the project's folder, such as ./hooks/on-output.ts",
  );

/** Paths of the modules with a team's own code, relative to the project's folder. */
export const hooksSchema = z
  .strictObject({
    onOutput: pathSchema
      .optional()
      .describe(
        "Path of a module that exports `onOutput`, e.g. `./hooks/on-output.ts`. It is called for every new thumbnail.",
      ),
    onJobFinished: pathSchema
      .optional()
      .describe(
        "Path of a module that exports `onJobFinished`, e.g. `./hooks/on-job-finished.ts`. It is called for every finished job.",
      ),
  })
  .default({})
  .meta({
    description: "Modules with your own code. See [Hooks](hooks.md).",
    defaultDescription: "no hooks",
  });

/** Paths by the name of the hook, which is also the name of the exported function. */
export type Hooks = z.output<typeof hooksSchema>;
export type HookName = keyof Hooks;

/** The module of a hook cannot be used. */
export class HookError extends UserError {
  constructor(hook: HookName, path: string, cause: unknown) {
    super(
      `The hook ${path} (hooks.${hook} in the configuration) cannot be used: ${formatError(cause)}. The path is relative to the project's folder, and the file must export a function named ${hook}. Correct the file or the path.`,
      { cause },
    );
  }
}
