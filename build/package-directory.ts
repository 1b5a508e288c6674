import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of Reelway's package.json. The compiled files are one folder deeper than the sources. */
export const packageDirectory = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? ".." : "../..", import.meta.url),
);

/** Folder of the compiled worker, as `npm run build` writes it: the build context of its image. */
export const workerDirectory = join(packageDirectory, "dist", "worker");
/** Path of the compiled worker. */
export const workerProgram = join(workerDirectory, "worker.cjs");
/** Path of the program that starts the worker with a code cache. */
export const startProgram = join(workerDirectory, "start.cjs");
/** Path of the compiled image program, which the worker starts. */
export const imageProgram = join(workerDirectory, "image.cjs");
/** Path of the compiled program that watches a channel. */
export const watcherProgram = join(workerDirectory, "watcher.cjs");
