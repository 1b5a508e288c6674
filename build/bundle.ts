import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { build } from "esbuild";
import { type BundleOptions, getEsbuildOptions } from "./esbuild-options.ts";
import { packageDirectory } from "./package-directory.ts";
import { replaceFile } from "./replace-file.ts";

export type { BundleOptions } from "./esbuild-options.ts";

/** A bundled program. */
export interface Bundle {
  readonly path: string;
  /** Size of the bundle in bytes. */
  readonly bytes: number;
}

/** Bundles a program into one file and its source map, each atomically. @throws esbuild's error with file and line */
export async function bundleProgram(options: BundleOptions): Promise<Bundle> {
  // Paths in the source map are relative to the bundle. From the package's folder, they are the same on every machine.
  const outfile = join(packageDirectory, basename(options.outfile));
  const { outputFiles } = await build({ ...getEsbuildOptions({ ...options, outfile }), write: false });
  for (const { path, contents } of outputFiles)
    replaceFile(join(dirname(options.outfile), basename(path)), contents);
  return { path: options.outfile, bytes: statSync(options.outfile).size };
}
