// Compiles the `reelway` command into one file: started from its sources, it takes three times the CPU time, and tests
// start it a hundred times.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

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
    packages: "external",
    define: { "import.meta.url": "ownAddress" },
    plugins: [keepAddresses],
  });
  const source = await readFile(at("cli/bin.js"), "utf8");
  const [setting] = /^process\.env\..*$/m.exec(source);
  await writeFile(program, `${setting}\nawait import("./reelway.mjs");\n`);
  return program;
};
