import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as z from "zod/mini";
import { createCache } from "./cache.ts";
import { type BundleOptions, getEsbuildOptions } from "./esbuild-options.ts";
import { areUnmodifiedSince, createInputReader, sha256 } from "./input-files.ts";
import { packageDirectory } from "./package-directory.ts";

/** The files of a function's package, by name. */
export interface FunctionFiles {
  readonly "index.js": Buffer;
  /** Source paths are relative to the project folder; source contents are not included. */
  readonly "index.js.map": Buffer;
}

/** Files that determine how imports are resolved. */
export const resolutionFiles = [
  "package.json",
  "tsconfig.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
];
/** Placeholder for the configuration in cached code, so that all stages share it. */
const placeholder = '"@CONFIGURATION@"';

const esbuildVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(createRequire(import.meta.url).resolve("esbuild/package.json"), "utf8")))
    .version;

const getFunctionOptions = (root: string, name: string): BundleOptions => ({
  entry: `lambdas/${name}/index.ts`,
  // Not written; paths in the source map are relative to it.
  outfile: join(root, "index.js"),
  defineIdentifiers: { "process.env.CONFIGURATION": "bundledConfiguration" },
  banner: `const bundledConfiguration=${placeholder};`,
  target: "node22",
  environmentCredentials: true,
});

const isFunctionFiles = (
  files: Readonly<Record<string, Buffer>>,
): files is Record<keyof FunctionFiles, Buffer> => "index.js" in files && "index.js.map" in files;

const buildFunction = async (root: string, name: string) => {
  // Loaded only if a bundle is missing.
  const esbuild = await import("esbuild");
  const { metafile, outputFiles } = await esbuild.build({
    ...getEsbuildOptions(getFunctionOptions(root, name), root),
    write: false,
    metafile: true,
  });
  const filesByName = Object.fromEntries(
    outputFiles.map(({ path, contents }) => [
      path.endsWith(".map") ? "index.js.map" : "index.js",
      Buffer.from(contents),
    ]),
  );
  if (!isFunctionFiles(filesByName))
    throw new Error(
      `esbuild returned ${Object.keys(filesByName)} for ${name} instead of code and source map.`,
    );
  return {
    outputs: filesByName,
    paths: [...new Set([...Object.keys(metafile.inputs), ...resolutionFiles])].sort(),
  };
};

/** Folders of a function bundler. */
export interface FunctionBundlerProps {
  /** Folder with `lambdas/` and `node_modules/`. @default this project */
  readonly root?: string;
  /** Bundle folder. @default REELWAY_BUNDLES, else `.reelway/bundles` */
  readonly cache?: string;
}

/** Returns the folder for bundles and packages. */
export const getBundleDirectory = ({ root = packageDirectory, cache }: FunctionBundlerProps = {}): string =>
  cache ?? process.env.REELWAY_BUNDLES ?? join(root, ".reelway", "bundles");

/**
 * Creates a bundler of Lambda functions, which bundles each function once for all stages. A bundle is cached and rebuilt
 * when its sources, the resolution of packages, esbuild's version or its options change.
 */
export const createFunctionBundler = (props: FunctionBundlerProps = {}) => {
  const { root = packageDirectory } = props;
  const cache = createCache(getBundleDirectory(props));
  const reader = createInputReader(root);
  const bundles = new Map<string, Promise<FunctionFiles>>();

  const bundle = async (name: string): Promise<FunctionFiles> => {
    const options = JSON.stringify(getEsbuildOptions(getFunctionOptions(root, name), root)).replaceAll(
      JSON.stringify(root).slice(1, -1),
      "",
    );
    const key = `${name}.${sha256(`${esbuildVersion()} ${options}`).slice(0, 16)}`;
    const cached = cache.read(key);
    if (cached !== undefined && isFunctionFiles(cached.outputs)) {
      const comparison = reader.compare(cached.inputs);
      if (comparison === "touched")
        cache.save(key, { ...cached, inputs: reader.fingerprint(cached.inputs.map(({ path }) => path)) });
      if (comparison !== "changed") return cached.outputs;
    }
    const startedAtMs = Date.now();
    const { outputs, paths } = await buildFunction(root, name);
    const inputs = reader.fingerprint(paths);
    if (areUnmodifiedSince(inputs, startedAtMs)) cache.save(key, { inputs, outputs });
    return outputs;
  };

  return {
    /**
     * @param name folder below `lambdas/`
     * @param configuration JSON that the program reads as `process.env.CONFIGURATION`
     * @throws esbuild's error with file and line
     */
    async bundle(name: string, configuration: string): Promise<FunctionFiles> {
      const existing = bundles.get(name);
      const files = existing ?? bundle(name);
      bundles.set(name, files);
      const { "index.js": code, "index.js.map": map } = await files;
      // The replacement stays on one line, so the source map remains valid.
      const start = code.indexOf(placeholder);
      return {
        "index.js": Buffer.concat([
          code.subarray(0, start),
          Buffer.from(JSON.stringify(configuration)),
          code.subarray(start + placeholder.length),
        ]),
        "index.js.map": map,
      };
    },
  };
};
