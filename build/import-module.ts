import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";
import { buildCached, installedPackages } from "./build-cached.ts";
import { createCache, getBundleDirectory } from "./cache.ts";
import { sha256 } from "./input-files.ts";

const importMetaUrl = "importMetaUrl";
/** Keeps the source file's URL as import.meta.url, because modules resolve other files from it. */
const preserveImportMetaUrl: Plugin = {
  name: "preserve-import-meta-url",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.m?[jt]s$/ }, async ({ path }) => ({
      loader: path.endsWith("ts") ? "ts" : "js",
      // On the first line, to preserve line numbers.
      contents: `const ${importMetaUrl}=${JSON.stringify(pathToFileURL(path).href)};${await readFile(path, "utf8")}`,
    })),
};

/** Replaces the names of packages by the files they resolve to, because the bundle is in another folder. */
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

/** Finds the folder of the nearest package.json, or returns the given folder if no package.json exists. */
const findProjectDirectory = (folder: string): string => {
  let found = folder;
  while (!existsSync(join(found, "package.json")) && dirname(found) !== found) found = dirname(found);
  return existsSync(join(found, "package.json")) ? found : folder;
};

const esbuildOptions = {
  outfile: "module.mjs",
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  target: "node20",
  format: "esm",
  logLevel: "silent",
  define: { "import.meta.url": importMetaUrl },
  // Node.js knows no paths or conditions of tsconfig.json.
  tsconfigRaw: {},
} as const satisfies BuildOptions;

/** Bundles a module with the files that it imports by relative paths. Packages stay outside. */
const bundleModule = async (path: string, project: string) => {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    ...esbuildOptions,
    absWorkingDir: project,
    entryPoints: [path],
    plugins: [preserveImportMetaUrl, resolvePackages],
  });
  const code = Buffer.concat(outputFiles.map(({ contents }) => contents));
  const packages = existsSync(join(project, installedPackages)) ? [installedPackages] : [];
  return { outputs: { [outputName]: code }, paths: [...Object.keys(metafile.inputs), ...packages] };
};
const outputName = "module.mjs";

/**
 * Imports a TypeScript or JavaScript module, compiled by esbuild. The compiled module is cached until one of its files
 * changes.
 *
 * @param path absolute
 * @returns the module's exports
 * @throws esbuild's error with file and line; what the module throws
 */
export const importModule = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
  const project = findProjectDirectory(dirname(path));
  const directory = getBundleDirectory(project);
  const key = `${basename(path)}.${sha256(`${path} ${JSON.stringify(esbuildOptions)}`).slice(0, 16)}`;
  const outputs = await buildCached(createCache(directory), key, project, () => bundleModule(path, project));
  const code = outputs[outputName] ?? Buffer.alloc(0);
  return import(pathToFileURL(join(directory, `${sha256(code)}.${outputName}`)).href);
};
