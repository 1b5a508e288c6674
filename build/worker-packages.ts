import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { packageDirectory } from "./package-directory.ts";

/** package-lock.json, as far as it is needed. Other fields of a package are kept. */
const lockSchema = z.object({
  lockfileVersion: z.number(),
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      dependencies: z.record(z.string(), z.string()).optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
type Packages = z.output<typeof lockSchema>["packages"];

/** The package that is not bundled into the worker's programs, because it is native. */
const nativePackage = "sharp";

/** Finds the path of a dependency as Node resolves it: in the package's own `node_modules/`, else in a parent's. */
const findDependency = (packages: Packages, from: string, name: string): string | undefined => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (packages[path] !== undefined) return path;
    if (folder === "") return undefined;
  }
};

/** Lists the paths of a package and of all its dependencies, those for other platforms included. */
const listPaths = (packages: Packages, start: string): ReadonlySet<string> => {
  const paths = new Set([start]);
  for (const path of paths) {
    const { dependencies, optionalDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const dependency = findDependency(packages, path, name);
      if (dependency !== undefined) paths.add(dependency);
    }
  }
  return paths;
};

/**
 * Builds `package.json` and `package-lock.json` of the worker's image from package-lock.json. `npm ci` installs them for
 * the platform of the image: the same versions, checked by their integrity hashes.
 *
 * @returns contents by file name
 */
export const buildWorkerPackages = async (): Promise<Readonly<Record<string, Buffer>>> => {
  const text = await readFile(join(packageDirectory, "package-lock.json"), "utf8");
  const { lockfileVersion, packages } = lockSchema.parse(JSON.parse(text));
  const root = `node_modules/${nativePackage}`;
  const manifest = {
    name: "reelway-worker",
    private: true,
    dependencies: { [nativePackage]: packages[root]?.version },
  };
  // The lock says of some of these packages that only development needs them, as another package requires them too.
  const entries = [...listPaths(packages, root)].sort().map((path) => {
    const { dev, devOptional, ...entry } = packages[path] ?? {};
    return [path, entry] as const;
  });
  const lock = {
    name: manifest.name,
    lockfileVersion,
    requires: true,
    packages: { "": manifest, ...Object.fromEntries(entries) },
  };
  const toFile = (value: unknown) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return { "package.json": toFile(manifest), "package-lock.json": toFile(lock) };
};
