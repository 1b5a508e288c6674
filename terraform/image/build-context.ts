import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "../../build/bundle.ts";

/** The build context of an image. */
export interface BuildContext {
  /** Absolute path of the folder with `Dockerfile` and the files it copies. */
  readonly directory: string;
  /** File names, relative to the folder. */
  readonly files: readonly string[];
}

/**
 * Computes the SHA-256 (64 hexadecimal characters) of all files in the order of their names: for each its name, a line
 * feed, its length in bytes in decimal, a line feed, and its bytes.
 */
export const hashContext = async ({ directory, files }: BuildContext): Promise<string> => {
  const hash = createHash("sha256");
  for (const name of [...files].sort()) {
    const bytes = await readFile(join(directory, name));
    hash.update(`${name}\n${bytes.length}\n`).update(bytes);
  }
  return hash.digest("hex");
};

/**
 * Creates the build context of the worker's image (Dockerfile and bundled worker) in a temporary folder that exists while
 * `work` runs. The bundle is the same on every machine with the packages of package-lock.json.
 */
export const withWorkerContext = async <Result>(
  work: (context: BuildContext) => Promise<Result>,
): Promise<Result> => {
  const directory = await mkdtemp(join(tmpdir(), "reelway-image-"));
  try {
    await copyFile(
      fileURLToPath(new URL("../../docker/ffmpeg/Dockerfile", import.meta.url)),
      join(directory, "Dockerfile"),
    );
    await bundleProgram({ entry: "docker/ffmpeg/worker.ts", outfile: join(directory, "worker.cjs") });
    return await work({ directory, files: ["Dockerfile", "worker.cjs", "worker.cjs.map"] });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
