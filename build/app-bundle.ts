import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";
import * as z from "zod/mini";
import { createCache } from "./cache.ts";
import { resolutionFiles } from "./function-bundle.ts";
import { areUnmodifiedSince, createInputReader } from "./input-files.ts";

/** What is bundled, and where that is kept. */
export interface AppBundleOptions {
  /** The folder of main.ts. */
  readonly root: string;
  /** Path of the module that exports the configuration. */
  readonly configuration: string;
  /** Below `root`, so that the packages of both programs are found from there. */
  readonly directory: string;
  /** Names the entry of this configuration. */
  readonly key: string;
}

const pathsSchema = z.object({ "app.mjs": z.string(), "configuration.mjs": z.string() });
/** Paths of two modules: the app, and the configuration, which REELWAY_CONFIG must name for it. */
export type AppBundlePaths = z.infer<typeof pathsSchema>;

/** A module of the project finds its neighbours from its own address, not from the bundle's. */
const preserveImportMetaUrl: Plugin = {
  name: "preserve-import-meta-url",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      // On the first line, so that lines keep their numbers.
      contents: `const ${importMetaUrl}=${JSON.stringify(pathToFileURL(path).href)};${await readFile(path, "utf8")}`,
    })),
};
const importMetaUrl = "importMetaUrl";

const getEsbuildOptions = (root: string) =>
  ({
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // They are many times the app, load faster as they are, and change only when they are installed.
    packages: "external",
    logLevel: "silent",
    define: { "import.meta.url": importMetaUrl },
    plugins: [preserveImportMetaUrl],
  }) as const satisfies BuildOptions;

/**
 * Bundles main.ts and the configuration, or finds them bundled: they start in half the time and memory that compiling
 * their hundred files takes. Called when a file's time or size is not what `synth.js` expects.
 *
 * @throws esbuild's own error, which names file and line; Error where `directory` cannot be written
 */
export const bundleApp = async ({
  root,
  configuration,
  directory,
  key,
}: AppBundleOptions): Promise<AppBundlePaths> => {
  const cache = createCache(directory);
  const reader = createInputReader(root);
  const cached = cache.read(key);
  if (cached !== undefined && reader.compare(cached.inputs) !== "changed") {
    const inputs = reader.fingerprint(cached.inputs.map(({ path }) => path));
    return pathsSchema.parse(cache.save(key, { ...cached, inputs }));
  }
  const startedAtMs = Date.now();
  const { build } = await import("esbuild");
  const outputs: Record<string, Buffer> = {};
  const paths = new Set<string>([...resolutionFiles, "build/app-bundle.ts"]);
  for (const [name, entry] of [
    ["app.mjs", join(root, "main.ts")],
    ["configuration.mjs", configuration],
  ] as const) {
    const result = await build({ ...getEsbuildOptions(root), entryPoints: [entry] });
    for (const file of result.outputFiles) outputs[name] = Buffer.from(file.contents);
    for (const path of Object.keys(result.metafile.inputs)) paths.add(path);
  }
  const inputs = reader.fingerprint([...paths].sort());
  return pathsSchema.parse(
    areUnmodifiedSince(inputs, startedAtMs)
      ? cache.save(key, { inputs, outputs })
      : cache.writeOutputs(outputs),
  );
};
