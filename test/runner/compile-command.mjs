// Compiles the `reelway` command into one file: started from its sources it takes eight times the CPU time, and tests
// start it a hundred times.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Packages that make a start slow; the rest are loaded as they are, some of them from files of their own. */
const bundled = /^(@aws|@aws-sdk|@aws-crypto|@smithy|@hono|hono|zod|tslib|commander)(\/|$)/;

const packages = {
  name: "packages",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) =>
      kind === "entry-point" || importer.includes("/node_modules/") || bundled.test(path)
        ? undefined
        : { path, external: true },
    ),
};
/** Files find their neighbours from their own address, not from the bundle's. */
const keepAddresses = {
  name: "keep-addresses",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      contents: `const ownAddress=${JSON.stringify(pathToFileURL(path).href)};${await readFile(path, "utf8")}`,
    })),
};

/** @returns {Promise<string>} path of a program that does what `cli/bin.js` does */
export const compileCommand = async () => {
  const program = at(".reelway/compiled/bin.mjs");
  await build({
    entryPoints: [at("cli/reelway.ts")],
    outfile: at(".reelway/compiled/reelway.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    define: { "import.meta.url": "ownAddress" },
    // Some packages are CommonJS.
    banner: {
      js: 'import*as modules from"node:module";const require=modules.createRequire(import.meta.url);',
    },
    plugins: [packages, keepAddresses],
  });
  const source = await readFile(at("cli/bin.js"), "utf8");
  const [setting] = /^process\.env\..*$/m.exec(source);
  await writeFile(
    program,
    `${setting}
// Another configuration than the one that is compiled with the command is TypeScript.
if (process.env.REELWAY_CONFIG) (await import("tsx/esm/api")).register();
await import("./reelway.mjs");
`,
  );
  return program;
};
