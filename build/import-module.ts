import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { buildCached } from "./build-cached.ts";
import { getBundleDirectory } from "./cache.ts";
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

/** Bundles a module with the files that it imports by relative paths. Packages stay outside. */
const bundleModule = async (path: string, project: string) => {
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: project,
    entryPoints: [path],
    outfile: outputName,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "esm",
    logLevel: "silent",
    // Stack traces name the source files.
    sourcemap: "inline",
    sourcesContent: false,
    sourceRoot: `${pathToFileURL(project).href}/`,
    define: { "import.meta.url": importMetaUrl },
    // Node.js knows no paths or conditions of tsconfig.json.
    tsconfigRaw: {},
    plugins: [preserveImportMetaUrl, resolvePackages],
  });
  const code = Buffer.concat(outputFiles.map(({ contents }) => contents));
  return { outputs: { [outputName]: code }, paths: Object.keys(metafile.inputs) };
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
  const { [outputName]: code = "" } = await buildCached({
    key: `${basename(path)}.${sha256(path).slice(0, 16)}`,
    project,
    builders: [import.meta.filename],
    build: () => bundleModule(path, project),
  });
  process.setSourceMapsEnabled(true);
  return import(pathToFileURL(join(getBundleDirectory(project), `${sha256(code)}.${outputName}`)).href);
};
