import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as z from "zod";
import { importModule } from "../../build/import-module.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { UsageError } from "../../pipeline/errors/errors.ts";

const manifestSchema = z.object({ peerDependencies: z.record(z.string(), z.string()) });

/** Lists the packages that synth needs and the project has to install, as `NAME@VERSION`. */
const listPeerPackages = (): readonly string[] => {
  const text = readFileSync(join(packageDirectory, "package.json"), "utf8");
  return Object.entries(manifestSchema.parse(JSON.parse(text)).peerDependencies).map(
    ([name, version]) => `${name}@${version}`,
  );
};

/** Whether an import failed because a package is not installed that the project has to install for synth. */
const isPeerMissing = (cause: unknown): boolean =>
  cause instanceof Error &&
  /(?:Cannot find|Could not resolve).*["'](?:cdktf|constructs|@cdktf\/)/.test(cause.message);

/**
 * Runs the CDKTF app of the working directory, `main.ts`.
 *
 * @throws UsageError if it does not exist or a package is not installed; what the app throws
 */
export const runApp = async (): Promise<void> => {
  const path = resolve("main.ts");
  if (!existsSync(path))
    throw new UsageError(
      `${path} does not exist. Run this command in a project's folder. To create a project: npx reelway init`,
    );
  try {
    await importModule(path);
  } catch (cause) {
    if (!isPeerMissing(cause)) throw cause;
    throw new UsageError(
      `Synth needs packages that are not installed. To install them: npm install --save-dev ${listPeerPackages().join(" ")}`,
      { cause },
    );
  }
};
