import { statSync } from "node:fs";
import { build } from "esbuild";
import { type BundleOptions, getEsbuildOptions } from "./esbuild-options.ts";
import { replaceFile } from "./replace-file.ts";

export type { BundleOptions } from "./esbuild-options.ts";

/** A bundled program. */
export interface Bundle {
  readonly path: string;
  /** Size of the bundle in bytes. */
  readonly bytes: number;
}

/** Bundles a program into one file, atomically. @throws esbuild's error with file and line */
export async function bundleProgram(options: BundleOptions): Promise<Bundle> {
  const { outputFiles } = await build({ ...getEsbuildOptions(options), write: false });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  return { path: options.outfile, bytes: statSync(options.outfile).size };
}
