import { statSync } from "node:fs";
import { build } from "esbuild";
import { type BundleOrder, bundleOptions } from "./options.ts";

export type { BundleOrder } from "./options.ts";

/** What bundling made. */
export interface Bundle {
  readonly path: string;
  /** Size of the bundle in bytes. */
  readonly bytes: number;
}

/** Bundles a program into one file; throws esbuild's own error, which names file and line. */
export async function bundleProgram(order: BundleOrder): Promise<Bundle> {
  await build(bundleOptions(order));
  return { path: order.outfile, bytes: statSync(order.outfile).size };
}
