import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { type CacheEntry, createCache, getBundleDirectory } from "./cache.ts";
import { areUnchanged, areUnmodifiedSince, readInputs } from "./input-files.ts";

/** Change with every installation of packages by npm or pnpm, relative to the project's folder. */
const installedPackages = ["node_modules/.package-lock.json", "node_modules/.pnpm/lock.yaml"];

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
  const inputs = readInputs(project, [
    ...paths,
    ...installedPackages.filter((path) => existsSync(join(project, path))),
    ...builders.map((path) => relative(project, path)),
  ]);
  if (areUnmodifiedSince(inputs, startedAtMs)) cache.save(key, { inputs, outputs });
  else cache.writeOutputs(outputs);
  return outputs;
};
