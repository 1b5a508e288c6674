import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { importModule } from "../../build/import-module.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { listSharedPackages, readPackageManifest } from "../../build/package-manifest.ts";
import { CommandError, formatError, UsageError } from "../../pipeline/errors/errors.ts";
import { classifyError } from "../errors.ts";

/** Recognizes an error of esbuild, e.g. a syntax error or an import that cannot be resolved. */
const isBuildFailure = (cause: unknown): cause is Error =>
  cause instanceof Error && "errors" in cause && Array.isArray(cause.errors) && "warnings" in cause;

/** Finds the package of the project that is not installed; undefined for another error. */
const findMissingPackage = (cause: unknown): string | undefined => {
  const [, specifier = ""] =
    /(?:Cannot find package|Could not resolve) ["']([^"']+)["']/.exec(
      cause instanceof Error ? cause.message : "",
    ) ?? [];
  return Object.keys(listSharedPackages(readPackageManifest())).find(
    (name) => specifier === name || specifier.startsWith(`${name}/`),
  );
};

/** Whether the project's package.json names a package: then it was installed without it, e.g. with `--omit=dev`. */
const isListed = async (name: string): Promise<boolean> =>
  (await readFile(resolve("package.json"), "utf8").catch(() => "")).includes(`"${name}":`);

/** Whether an app is the one that `reelway init` writes, so that its errors are Reelway's. */
const isDefaultApp = async (path: string): Promise<boolean> => {
  const [app, defaultApp] = await Promise.all(
    [path, join(packageDirectory, "main.ts")].map((file) => readFile(file, "utf8")),
  );
  return app?.trim() === defaultApp?.trim();
};

const listStacks = (outdir: string): Promise<readonly string[]> =>
  readdir(join(outdir, "stacks")).catch(() => []);

/** Runs the app and prints the number of stacks it has written. @throws what `runApp` throws */
export const synth = async (): Promise<void> => {
  await runApp();
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const { length } = await listStacks(outdir);
  if (length > 0) process.stdout.write(`Wrote ${length} ${length === 1 ? "stack" : "stacks"} to ${outdir}\n`);
};

/**
 * Runs the CDKTF app of the working directory, `main.ts`.
 *
 * @throws UsageError if it does not exist or a package is not installed; CommandError if it cannot be compiled or the
 *   project's own code fails; what Reelway throws
 */
const runApp = async (): Promise<void> => {
  const path = resolve("main.ts");
  if (!existsSync(path))
    throw new UsageError(
      `${path} does not exist. Run this command in a project's folder. To create a project: npx reelway init`,
    );
  try {
    await importModule(path);
  } catch (cause) {
    const name = findMissingPackage(cause);
    if (name === undefined) {
      if (isBuildFailure(cause))
        throw new CommandError(`main.ts cannot be compiled: ${cause.message}`, { cause });
      if (classifyError(cause).kind === "bug" && !(await isDefaultApp(path)))
        throw new CommandError(
          `main.ts failed: ${formatError(cause)}\nFor the stack trace: npx reelway synth --verbose`,
          { cause },
        );
      throw cause;
    }
    const packages = Object.entries(listSharedPackages(readPackageManifest())).map((pair) => pair.join("@"));
    throw new UsageError(
      (await isListed(name))
        ? `Synth needs the package ${name}, which package.json names and which is not installed. Install everything: npm ci`
        : `Synth needs the package ${name}, which is not installed. To install what it needs: npm install --save-dev --save-exact ${packages.join(" ")}`,
      { cause },
    );
  }
};
