import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { createCache } from "./cache.ts";
import { getBundleDirectory } from "./function-bundle.ts";
import { areUnmodifiedSince, createInputReader, sha256 } from "./input-files.ts";
import { getModuleOptions } from "./module-options.ts";

/** Replaces the names of packages by the files they resolve to, because the bundle lies in another folder. */
const resolvePackages: Plugin = {
  name: "resolve-packages",
  setup: ({ onResolve, resolve }) =>
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, resolveDir, pluginData }) => {
      if (kind === "entry-point" || pluginData === resolvePackages.name) return undefined;
      const resolved = await resolve(path, { kind, resolveDir, pluginData: resolvePackages.name });
      if (resolved.errors.length > 0) return { errors: resolved.errors };
      return resolved.path.startsWith("/")
        ? { path: pathToFileURL(resolved.path).href, external: true }
        : { path, external: true };
    }),
};

const bundleFile = "module.mjs";

/**
 * Imports a TypeScript or JavaScript module. The module and the files that it imports by relative paths are bundled; the
 * bundle is cached until one of them changes.
 *
 * @param path absolute
 * @returns the module's exports
 * @throws esbuild's error with file and line; what the module throws
 */
export const importModule = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  const root = dirname(path);
  const cache = createCache(getBundleDirectory());
  const reader = createInputReader(root);
  const key = `${basename(path)}.${sha256(path).slice(0, 16)}`;
  const cached = cache.read(key);
  if (cached !== undefined && reader.compare(cached.inputs) === "unchanged")
    return import(
      pathToFileURL(join(getBundleDirectory(), `${sha256(cached.outputs[bundleFile] ?? "")}.${bundleFile}`))
        .href
    );
  const startedAtMs = Date.now();
  const { build } = await import("esbuild");
  const { packages: _, plugins, ...options } = getModuleOptions(root);
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: [path],
    outfile: bundleFile,
    plugins: [...plugins, resolvePackages],
  });
  const outputs = Object.fromEntries(outputFiles.map(({ contents }) => [bundleFile, Buffer.from(contents)]));
  const inputs = reader.fingerprint(Object.keys(metafile.inputs).sort());
  const paths = areUnmodifiedSince(inputs, startedAtMs)
    ? cache.save(key, { inputs, outputs })
    : cache.writeOutputs(outputs);
  return import(pathToFileURL(paths[bundleFile] ?? "").href);
};
