import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { Plugin } from "esbuild";
import { buildCached } from "./build-cached.ts";
import { type Bundles, bundlePath, bundlePrograms } from "./bundle.ts";
import { sha256 } from "./input-files.ts";
import { packageDirectory } from "./package-directory.ts";
import { readPackageManifest } from "./package-manifest.ts";

/** The files of a function's package, by name. */
export interface FunctionFiles {
  readonly "index.js": Buffer;
  readonly "index.js.map": Buffer;
}

/** Placeholder for the configuration, so that one bundle serves every configuration. */
const placeholder = '"@CONFIGURATION@"';

const zodImport = 'import { z } from "zod";';

/**
 * Makes @hono/zod-openapi import the only class of zod that it extends. With the whole namespace, a bundle would contain
 * all of zod with its locales, 450 KB.
 */
const importZodSelectively: Plugin = {
  name: "import-zod-selectively",
  setup: ({ onLoad }) =>
    onLoad({ filter: /@hono[\\/]zod-openapi[\\/]dist[\\/]index\.mjs$/ }, async ({ path }) => {
      const contents = await readFile(path, "utf8");
      if (!contents.includes(zodImport)) throw new Error(`${path} does not contain ${zodImport}`);
      return {
        contents: contents.replace(zodImport, 'import { ZodType } from "zod"; const z = { ZodType };'),
      };
    }),
};

/** Bundles functions. @param entries paths of the entry files, relative to `root`, by name of the function */
const bundleEntries = (
  entries: Readonly<Record<string, string>>,
  root: string,
  plugins: readonly Plugin[] = [],
): Promise<Bundles> =>
  bundlePrograms(entries, {
    root,
    define: {
      "process.env.CONFIGURATION": "bundledConfiguration",
      "process.env.REELWAY_VERSION": JSON.stringify(readPackageManifest().version),
    },
    banner: `const bundledConfiguration=${placeholder};`,
    target: "node22",
    environmentCredentials: true,
    plugins: [importZodSelectively, ...plugins],
  });

const toFunctionFiles = (files: Bundles["files"], name: string): FunctionFiles => {
  const { [`${name}.cjs`]: code, [`${name}.cjs.map`]: map } = files;
  if (code === undefined || map === undefined) throw new Error(`esbuild returned no bundle of ${name}.`);
  const link = `sourceMappingURL=${name}.cjs.map`;
  return {
    "index.js": Buffer.from(code.toString().replace(link, "sourceMappingURL=index.js.map")),
    "index.js.map": map,
  };
};

/**
 * Bundles Lambda functions, with a placeholder for their configuration.
 *
 * @param names folders below `lambdas/`
 * @param root folder of `lambdas/` and `node_modules/`
 * @throws esbuild's error with file and line
 */
export const bundleFunctions = async (
  names: readonly string[],
  root = packageDirectory,
): Promise<Readonly<Record<string, FunctionFiles>>> => {
  const entries = Object.fromEntries(names.map((name) => [name, `lambdas/${name}/index.ts`]));
  const { files } = await bundleEntries(entries, root);
  return Object.fromEntries(names.map((name) => [name, toFunctionFiles(files, name)]));
};

/** Reads a function as `npm run build` has bundled it. */
export const readCompiledFunction = async (name: string): Promise<FunctionFiles> => {
  const read = (file: string) => readFile(join(packageDirectory, "dist/functions", name, file));
  const [code, map] = await Promise.all([read("index.js"), read("index.js.map")]);
  return { "index.js": code, "index.js.map": map };
};

/** A module of a project that takes the place of a function's empty hook. */
export interface HookModule {
  /** Folder of the project. Its `node_modules/` has the packages that the module imports. */
  readonly project: string;
  /** Relative to the project's folder. */
  readonly path: string;
}

/** Replaces the module `lambdas/NAME/NAME.js`, which index.js imports. */
const replaceHook = (name: string, hook: string): Plugin => ({
  name: "replace-hook",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^\.\// }, ({ path, resolveDir }) =>
      resolve(resolveDir, path) === join(packageDirectory, "dist/lambdas", name, `${name}.js`)
        ? { path: hook }
        : undefined,
    ),
});

/**
 * Bundles a compiled Lambda function with the hook of a project. The bundle is cached until one of its files changes.
 *
 * @param name folder below `lambdas/`
 * @throws Error if the hook's file does not exist or exports nothing; esbuild's error with file and line
 */
export const bundleFunctionWithHook = async (
  name: string,
  { project, path }: HookModule,
): Promise<FunctionFiles> => {
  const root = resolve(project);
  const hook = resolve(root, path);
  if (!existsSync(hook)) throw new Error("the file does not exist");
  const outputs = await buildCached({
    key: `${name}.${sha256(hook).slice(0, 16)}`,
    project: root,
    builders: [import.meta.filename, bundlePath],
    async build() {
      const entry = relative(root, join(packageDirectory, "dist/lambdas", name, "index.js"));
      const { files, inputs } = await bundleEntries({ [name]: `./${entry}` }, root, [
        replaceHook(name, hook),
      ]);
      // What a CommonJS module exports is not known before it runs.
      if (inputs[relative(root, hook)]?.format !== "esm") throw new Error("it has no export statement");
      return { outputs: { ...toFunctionFiles(files, name) }, paths: Object.keys(inputs) };
    },
  });
  const { "index.js": code, "index.js.map": map } = outputs;
  if (code === undefined || map === undefined) throw new Error(`The bundle of ${name} is incomplete.`);
  return { "index.js": code, "index.js.map": map };
};

/**
 * Replaces the placeholder of a bundle by a configuration. It stays on one line, so the source map remains valid.
 *
 * @param configuration JSON that the program reads as `process.env.CONFIGURATION`
 */
export const embedConfiguration = (files: FunctionFiles, configuration: string): FunctionFiles => {
  const code = files["index.js"];
  const start = code.indexOf(placeholder);
  return {
    ...files,
    "index.js": Buffer.concat([
      code.subarray(0, start),
      Buffer.from(JSON.stringify(configuration)),
      code.subarray(start + placeholder.length),
    ]),
  };
};
