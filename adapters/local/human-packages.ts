import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageDirectory } from "../../build/package-directory.ts";
import { DetectionFailure } from "../../pipeline/ports/label-detector.ts";

/** What the detector needs, with the versions that it is tested with: the optional peer dependencies of Reelway. */
export const humanPackages = {
  "@vladmandic/human": "3.3.6",
  "@tensorflow/tfjs-core": "4.22.0",
  "@tensorflow/tfjs-converter": "4.22.0",
  "@tensorflow/tfjs-backend-wasm": "4.22.0",
} as const;

export const humanInstallCommand = `npm install --save-exact ${Object.entries(humanPackages)
  .map(([name, version]) => `${name}@${version}`)
  .join(" ")}`;

/** Where the parts of the detector lie, absolute paths. */
export interface HumanFiles {
  /** The library for Node.js and WebAssembly, CommonJS. */
  readonly library: string;
  /** Folder of the models. */
  readonly models: string;
  /** Folder of the WebAssembly programs. */
  readonly wasm: string;
}

const resolveFrom = (folder: string): HumanFiles => {
  const { resolve } = createRequire(join(folder, "package.json"));
  // The WebAssembly build is not among the exports of the package: it lies beside the default one.
  const libraryFolder = dirname(resolve("@vladmandic/human"));
  for (const name of Object.keys(humanPackages)) resolve(name);
  return {
    library: join(libraryFolder, "human.node-wasm.js"),
    models: join(libraryFolder, "..", "models"),
    wasm: dirname(resolve("@tensorflow/tfjs-backend-wasm")),
  };
};

/**
 * Finds the installed packages of the detector.
 *
 * @param folders where packages are looked up, in order: Reelway's, then the project's
 * @throws DetectionFailure `unavailable` with the command that installs them
 */
export const findHumanFiles = (
  folders: readonly string[] = [packageDirectory, process.cwd()],
): HumanFiles => {
  const causes: unknown[] = [];
  for (const folder of folders)
    try {
      return resolveFrom(folder);
    } catch (cause) {
      causes.push(cause);
    }
  throw new DetectionFailure(
    "unavailable",
    `The label detector "human" needs packages that are not installed (133 MB). Install them: ${humanInstallCommand}`,
    { cause: causes[0] },
  );
};
