import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDirectory } from "../build/package-directory.ts";

interface PackageManifest {
  readonly version: string;
  readonly engines: { readonly node: string };
}

/** Without zod, which would slow down the start of every command. */
const isManifest = (value: unknown): value is PackageManifest =>
  typeof value === "object" &&
  value !== null &&
  "version" in value &&
  typeof value.version === "string" &&
  "engines" in value &&
  typeof value.engines === "object" &&
  value.engines !== null &&
  "node" in value.engines &&
  typeof value.engines.node === "string";

/** Reads version and supported Node.js versions from Reelway's package.json. */
export const readPackageManifest = (): PackageManifest => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageDirectory, "package.json"), "utf8"));
  if (!isManifest(manifest)) throw new Error("package.json has no version or no engines.node.");
  return manifest;
};
