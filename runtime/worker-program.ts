import { fileURLToPath } from "node:url";
import { bundleProgram } from "../build/bundle.ts";

const entry = fileURLToPath(new URL("../docker/ffmpeg/worker.ts", import.meta.url));

/** Bundles the worker, the same program as in the container image; returns its command line. */
export const bundleWorker = async (outfile: string): Promise<readonly string[]> => {
  const { path } = await bundleProgram({ entry, outfile });
  return [process.execPath, "--enable-source-maps", path];
};
