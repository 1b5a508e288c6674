import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../pipeline/errors/errors.ts";
import type { BuildContext } from "./build-context.ts";
import type { platforms } from "./container-engine.ts";

const run = promisify(execFile);

/** npm's names of Fargate's CPU architectures. */
const npmArchitectures = { X86_64: "x64", ARM64: "arm64" } as const;

/** npm could not install the packages of the image. */
export class InstallError extends UserError {
  constructor(cause: unknown) {
    const output = cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim() : String(cause);
    super(
      `npm could not install the packages of the worker's image. Check npm's registry and proxy settings. Last output: ${output.split("\n").slice(-5).join("\n")}`,
      { cause },
    );
  }
}

/**
 * Copies a build context with a package-lock.json and installs its packages for the platform of the image. npm runs
 * here, not in the build, because it has this machine's registry, proxy and certificates.
 *
 * @param build builds the image in the folder, which is removed afterwards; without a lock file in the context's folder
 * @throws InstallError
 */
export const withInstalledPackages = async <T>(
  context: BuildContext,
  architecture: keyof typeof platforms,
  build: (directory: string) => Promise<T>,
): Promise<T> => {
  if (!context.files.includes("package-lock.json")) return build(context.directory);
  const directory = await mkdtemp(join(tmpdir(), "reelway-context-"));
  try {
    for (const name of context.files) await copyFile(join(context.directory, name), join(directory, name));
    const platform = ["--os=linux", `--cpu=${npmArchitectures[architecture]}`, "--libc=glibc"];
    await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", ...platform], {
      cwd: directory,
    }).catch((cause: unknown) => {
      throw new InstallError(cause);
    });
    return await build(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
