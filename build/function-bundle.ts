import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as z from "zod/mini";
import { createCache } from "./cache.ts";
import { type BundleOptions, getEsbuildOptions, projectDirectory } from "./esbuild-options.ts";
import { areUnmodifiedSince, createInputReader, sha256 } from "./input-files.ts";

/** A function's files, by the names they have in its package. */
export interface FunctionFiles {
  readonly "index.js": Buffer;
  /** Names sources below the project's folder and holds none of their text. */
  readonly "index.js.map": Buffer;
}

/** What decides how imports are resolved, beside the files that are imported. */
export const resolutionFiles = [
  "package.json",
  "tsconfig.json",
  "package-lock.json",
  "node_modules/.package-lock.json",
];
/** Stands for the configuration in the code that is kept, which then serves every stage. */
const placeholder = '"@CONFIGURATION@"';

const esbuildVersion = (): string =>
  z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(createRequire(import.meta.url).resolve("esbuild/package.json"), "utf8")))
    .version;

const getFunctionOptions = (root: string, name: string): BundleOptions => ({
  entry: `lambdas/${name}/index.ts`,
  // Never written: paths in the source map are relative to it.
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
  // A synth that finds every bundle made has no use for esbuild.
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
    throw new Error(`esbuild made ${Object.keys(filesByName)} of ${name}, not code and map.`);
  return {
    outputs: filesByName,
    paths: [...new Set([...Object.keys(metafile.inputs), ...resolutionFiles])].sort(),
  };
};

/** Where functions are bundled. */
export interface FunctionBundlerProps {
  /** The folder that holds `lambdas/` and `node_modules/`. @default this project's */
  readonly root?: string;
  /** The folder that bundles are kept in. @default REELWAY_BUNDLES, else `.reelway/bundles` */
  readonly cache?: string;
}

/** The folder that bundles and packages are kept in. */
export const getBundleDirectory = ({ root = projectDirectory, cache }: FunctionBundlerProps = {}): string =>
  cache ?? process.env.REELWAY_BUNDLES ?? join(root, ".reelway", "bundles");

/**
 * Bundles Lambda functions, each once for any number of stages. A bundle is kept with the content of all it was made
 * of, the way packages are resolved, esbuild's version and its options; it is made anew when one of them differs.
 */
export const createFunctionBundler = (props: FunctionBundlerProps = {}) => {
  const { root = projectDirectory } = props;
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
     * @param configuration JSON that the program finds as `process.env.CONFIGURATION`
     * @throws esbuild's own error, which names file and line
     */
    async bundle(name: string, configuration: string): Promise<FunctionFiles> {
      const existing = bundles.get(name);
      const files = existing ?? bundle(name);
      bundles.set(name, files);
      const { "index.js": code, "index.js.map": map } = await files;
      // On one line before and after, so that the source map stays true.
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
