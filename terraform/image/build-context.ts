import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProgram } from "../../build/bundle.ts";

/** The folder an image is built from. */
export interface BuildContext {
  /** Absolute; holds `Dockerfile` and what that copies. */
  readonly directory: string;
  /** Names of its files. */
  readonly files: readonly string[];
}

/**
 * The SHA-256, as 64 hexadecimal characters, of all files in the order of their names: for each its name, a line feed,
 * its length in bytes in decimal, a line feed, and its bytes.
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
 * Puts together what the worker's image is made of, its Dockerfile and the worker in one file, for as long as `work`
 * runs. The bundle is the same on every machine with the packages of package-lock.json.
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
