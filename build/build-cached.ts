import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { type CacheEntry, createCache, getBundleDirectory } from "./cache.ts";
import { areUnchanged, areUnmodifiedSince, readInputs } from "./input-files.ts";

/** Changes with every installation of packages, relative to the project's folder. */
const installedPackages = "node_modules/.package-lock.json";

/** A build whose outputs are cached. */
export interface CachedBuild {
  /** Identifies the build within the project. */
  readonly key: string;
  /** Absolute path of the project's folder, which has the cache. */
  readonly project: string;
  /** Paths of the files with the options of the build: a change of them invalidates the outputs. */
  readonly builders: readonly string[];
  /** Returns the outputs by name, and the paths of the inputs relative to the project's folder. */
  build(): Promise<{ readonly outputs: CacheEntry["outputs"]; readonly paths: readonly string[] }>;
}

/** Returns the outputs of a build from the cache if nothing that they depend on has changed; builds them otherwise. */
export const buildCached = async ({
  key,
  project,
  builders,
  build,
}: CachedBuild): Promise<CacheEntry["outputs"]> => {
  const cache = createCache(getBundleDirectory(project));
  const cached = cache.read(key);
  if (cached !== undefined && areUnchanged(project, cached.inputs)) return cached.outputs;
  const startedAtMs = Date.now();
  const { outputs, paths } = await build();
  const packages = existsSync(join(project, installedPackages)) ? [installedPackages] : [];
  const inputs = readInputs(project, [
    ...paths,
    ...packages,
    ...builders.map((path) => relative(project, path)),
  ]);
  if (areUnmodifiedSince(inputs, startedAtMs)) cache.save(key, { inputs, outputs });
  else cache.writeOutputs(outputs);
  return outputs;
};
