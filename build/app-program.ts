import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";
import * as z from "zod/mini";
import { createCache } from "./cache.ts";
import { resolution } from "./function-bundle.ts";
import { createInputReader, stoodStill } from "./inputs.ts";

/** What is bundled, and where that is kept. */
export interface AppOrder {
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
export type AppProgram = z.infer<typeof pathsSchema>;

/** A module of the project finds its neighbours from its own address, not from the bundle's. */
const keepAddresses: Plugin = {
  name: "keep-addresses",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      // On the first line, so that lines keep their numbers.
      contents: `const ${ownAddress}=${JSON.stringify(pathToFileURL(path).href)};${await readFile(path, "utf8")}`,
    })),
};
const ownAddress = "ownAddress";

const options = (root: string) =>
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
    define: { "import.meta.url": ownAddress },
    plugins: [keepAddresses],
  }) as const satisfies BuildOptions;

/**
 * Bundles main.ts and the configuration, or finds them bundled: they start in half the time and memory that compiling
 * their hundred files takes. Called when a file's time or size is not what `synth.js` expects.
 *
 * @throws esbuild's own error, which names file and line; Error where `directory` cannot be written
 */
export const bundleApp = async ({ root, configuration, directory, key }: AppOrder): Promise<AppProgram> => {
  const cache = createCache(directory);
  const reader = createInputReader(root);
  const kept = cache.read(key);
  if (kept !== undefined && reader.compare(kept.inputs) !== "changed") {
    const inputs = reader.remember(kept.inputs.map(({ path }) => path));
    return pathsSchema.parse(cache.keep(key, { ...kept, inputs }));
  }
  const beganMs = Date.now();
  const { build } = await import("esbuild");
  const outputs: Record<string, Buffer> = {};
  const paths = new Set<string>([...resolution, "build/app-program.ts"]);
  for (const [name, entry] of [
    ["app.mjs", join(root, "main.ts")],
    ["configuration.mjs", configuration],
  ] as const) {
    const made = await build({ ...options(root), entryPoints: [entry] });
    for (const file of made.outputFiles) outputs[name] = Buffer.from(file.contents);
    for (const path of Object.keys(made.metafile.inputs)) paths.add(path);
  }
  const inputs = reader.remember([...paths].sort());
  return pathsSchema.parse(
    stoodStill(inputs, beganMs) ? cache.keep(key, { inputs, outputs }) : cache.writeOutputs(outputs),
  );
};
