import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageDirectory } from "./package-directory.ts";

/** What Reelway's package.json says of versions. */
export interface PackageManifest {
  readonly version: string;
  /** Supported versions of Node.js, a semver range. */
  readonly engines: { readonly node: string };
  /** Versions that Reelway is tested with, by package. */
  readonly devDependencies: Readonly<Record<string, string>>;
  /** Packages that a project installs itself, with the ranges that npm accepts. */
  readonly peerDependencies: Readonly<Record<string, string>>;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
const isTextRecord = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && Object.values(value).every((text) => typeof text === "string");

/** Without zod, which would slow down the start of every command. */
const isManifest = (value: unknown): value is PackageManifest =>
  isRecord(value) &&
  typeof value.version === "string" &&
  isTextRecord(value.engines) &&
  "node" in value.engines &&
  isTextRecord(value.devDependencies) &&
  isTextRecord(value.peerDependencies);

/** Reads Reelway's package.json. */
export const readPackageManifest = (): PackageManifest => {
  const manifest: unknown = JSON.parse(readFileSync(join(packageDirectory, "package.json"), "utf8"));
  if (!isManifest(manifest)) throw new Error("Reelway's package.json is incomplete.");
  return manifest;
};

/** Whether a package belongs to CDKTF. The other peer dependencies are for features that a team may never use. */
const isConstructPackage = (name: string): boolean => /^(?:@cdktf\/.+|cdktf|constructs)$/.test(name);

/**
 * Lists the packages that a project installs itself, because its stacks share them with Reelway, with the versions that
 * Reelway is tested with.
 */
export const listSharedPackages = ({
  peerDependencies,
  devDependencies,
}: Pick<PackageManifest, "peerDependencies" | "devDependencies">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(peerDependencies)
      .filter(([name]) => isConstructPackage(name))
      .map(([name, range]) => [name, devDependencies[name] ?? range]),
  );
