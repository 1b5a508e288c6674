import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundlePrograms } from "./bundle.ts";
import { packageDirectory } from "./package-directory.ts";

/** The files of a function's package, by name. */
export interface FunctionFiles {
  readonly "index.js": Buffer;
  readonly "index.js.map": Buffer;
}

/** Placeholder for the configuration, so that one bundle serves every configuration. */
const placeholder = '"@CONFIGURATION@"';

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
  const files = await bundlePrograms(
    Object.fromEntries(names.map((name) => [name, `lambdas/${name}/index.ts`])),
    {
      root,
      defineIdentifiers: { "process.env.CONFIGURATION": "bundledConfiguration" },
      banner: `const bundledConfiguration=${placeholder};`,
      target: "node22",
      environmentCredentials: true,
    },
  );
  const toFunctionFiles = (name: string): FunctionFiles => {
    const { [`${name}.cjs`]: code, [`${name}.cjs.map`]: map } = files;
    if (code === undefined || map === undefined) throw new Error(`esbuild returned no bundle of ${name}.`);
    const link = `sourceMappingURL=${name}.cjs.map`;
    return {
      "index.js": Buffer.from(code.toString().replace(link, "sourceMappingURL=index.js.map")),
      "index.js.map": map,
    };
  };
  return Object.fromEntries(names.map((name) => [name, toFunctionFiles(name)]));
};

/** Reads a function as `npm run build` has bundled it. */
export const readCompiledFunction = async (name: string): Promise<FunctionFiles> => {
  const read = (file: string) => readFile(join(packageDirectory, "dist/functions", name, file));
  const [code, map] = await Promise.all([read("index.js"), read("index.js.map")]);
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
