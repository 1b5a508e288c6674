import type { CacheEntry, createCache } from "./cache.ts";
import { areUnchanged, areUnmodifiedSince, readInputs } from "./input-files.ts";

/** Changes with every installation of packages, relative to the project's folder. */
export const installedPackages = "node_modules/.package-lock.json";

/**
 * Returns the outputs of a build from the cache if none of its input files has changed; builds them otherwise.
 *
 * @param root folder of the input paths
 * @param build returns the outputs by name, and the paths of the inputs
 */
export const buildCached = async (
  cache: ReturnType<typeof createCache>,
  key: string,
  root: string,
  build: () => Promise<{ readonly outputs: CacheEntry["outputs"]; readonly paths: readonly string[] }>,
): Promise<CacheEntry["outputs"]> => {
  const cached = cache.read(key);
  if (cached !== undefined && areUnchanged(root, cached.inputs)) return cached.outputs;
  const startedAtMs = Date.now();
  const { outputs, paths } = await build();
  const inputs = readInputs(root, paths);
  if (areUnmodifiedSince(inputs, startedAtMs)) cache.save(key, { inputs, outputs });
  else cache.writeOutputs(outputs);
  return outputs;
};
