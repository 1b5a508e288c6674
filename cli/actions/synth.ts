import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { importModule } from "../../build/import-module.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";

/** Runs the CDKTF app of the working directory, `main.ts`. @throws UsageError if it does not exist; what it throws */
export const runApp = async (): Promise<void> => {
  const path = resolve("main.ts");
  if (!existsSync(path))
    throw new UsageError(
      `${path} does not exist. Run this command in a project's folder. To create a project: npx reelway init`,
    );
  await importModule(path);
};
