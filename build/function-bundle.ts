import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import * as z from "zod/mini";
import { createCache } from "./cache.ts";
import { createInputReader, sha256, stoodStill } from "./inputs.ts";
import { type BundleOrder, bundleOptions, projectFolder } from "./options.ts";

/** A function's files, by the names they have in its package. */
export interface FunctionFiles {
  readonly "index.js": Buffer;
  /** Names sources below the project's folder and holds none of their text. */
  readonly "index.js.map": Buffer;
}

/** What decides how imports are resolved, beside the files that are imported. */
export const resolution = [
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

const order = (root: string, name: string): BundleOrder => ({
  entry: `lambdas/${name}/index.ts`,
  // Never written: paths in the source map are relative to it.
  outfile: join(root, "index.js"),
  rename: { "process.env.CONFIGURATION": "bundledConfiguration" },
  prelude: `const bundledConfiguration=${placeholder};`,
  target: "node22",
  sourcemap: true,
  environmentCredentials: true,
});

const isFunctionFiles = (
  files: Readonly<Record<string, Buffer>>,
): files is Record<keyof FunctionFiles, Buffer> => "index.js" in files && "index.js.map" in files;

const build = async (root: string, name: string) => {
  // A synth that finds every bundle made has no use for esbuild.
  const esbuild = await import("esbuild");
  const { metafile, outputFiles } = await esbuild.build({
    ...bundleOptions(order(root, name), root),
    write: false,
    metafile: true,
  });
  const named = Object.fromEntries(
    outputFiles.map(({ path, contents }) => [
      path.endsWith(".map") ? "index.js.map" : "index.js",
      Buffer.from(contents),
    ]),
  );
  if (!isFunctionFiles(named))
    throw new Error(`esbuild made ${Object.keys(named)} of ${name}, not code and map.`);
  return { outputs: named, paths: [...new Set([...Object.keys(metafile.inputs), ...resolution])].sort() };
};

/** Where functions are bundled. */
export interface FunctionBundlerProps {
  /** The folder that holds `lambdas/` and `node_modules/`. @default this project's */
  readonly root?: string;
  /** The folder that bundles are kept in. @default REELWAY_BUNDLES, else `.reelway/bundles` */
  readonly cache?: string;
}

/** The folder that bundles and packages are kept in. */
export const bundleFolder = ({ root = projectFolder, cache }: FunctionBundlerProps = {}): string =>
  cache ?? process.env.REELWAY_BUNDLES ?? join(root, ".reelway", "bundles");

/**
 * Bundles Lambda functions, each once for any number of stages. A bundle is kept with the content of all it was made
 * of, the way packages are resolved, esbuild's version and its options; it is made anew when one of them differs.
 */
export const createFunctionBundler = (props: FunctionBundlerProps = {}) => {
  const { root = projectFolder } = props;
  const cache = createCache(bundleFolder(props));
  const reader = createInputReader(root);
  const made = new Map<string, Promise<FunctionFiles>>();

  const bundle = async (name: string): Promise<FunctionFiles> => {
    const options = JSON.stringify(bundleOptions(order(root, name), root)).replaceAll(
      JSON.stringify(root).slice(1, -1),
      "",
    );
    const key = `${name}.${sha256(`${esbuildVersion()} ${options}`).slice(0, 16)}`;
    const kept = cache.read(key);
    if (kept !== undefined && isFunctionFiles(kept.outputs)) {
      const compared = reader.compare(kept.inputs);
      if (compared === "moved")
        cache.keep(key, { ...kept, inputs: reader.remember(kept.inputs.map(({ path }) => path)) });
      if (compared !== "changed") return kept.outputs;
    }
    const beganMs = Date.now();
    const { outputs, paths } = await build(root, name);
    const inputs = reader.remember(paths);
    if (stoodStill(inputs, beganMs)) cache.keep(key, { inputs, outputs });
    return outputs;
  };

  return {
    /**
     * @param name folder below `lambdas/`
     * @param configuration JSON that the program finds as `process.env.CONFIGURATION`
     * @throws esbuild's own error, which names file and line
     */
    async bundle(name: string, configuration: string): Promise<FunctionFiles> {
      const known = made.get(name);
      const files = known ?? bundle(name);
      made.set(name, files);
      const { "index.js": code, "index.js.map": map } = await files;
      // On one line before and after, so that the source map stays true.
      const line = code.indexOf(placeholder);
      return {
        "index.js": Buffer.concat([
          code.subarray(0, line),
          Buffer.from(JSON.stringify(configuration)),
          code.subarray(line + placeholder.length),
        ]),
        "index.js.map": map,
      };
    },
  };
};
