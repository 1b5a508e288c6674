import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { BuildOptions, Plugin } from "esbuild";

/** Keeps the source file's URL as import.meta.url, because modules resolve other files from it. */
const preserveImportMetaUrl: Plugin = {
  name: "preserve-import-meta-url",
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      loader: "ts",
      // On the first line, to preserve line numbers.
      contents: `const ${importMetaUrl}=${JSON.stringify(pathToFileURL(path).href)};${await readFile(path, "utf8")}`,
    })),
};
const importMetaUrl = "importMetaUrl";

/** Options for bundling an ES module, without packages, that runs on this machine. */
export const getModuleOptions = (root: string) =>
  ({
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "esm",
    // Packages are much larger than the app, load faster unbundled, and change only on installation.
    packages: "external",
    logLevel: "silent",
    define: { "import.meta.url": importMetaUrl },
    plugins: [preserveImportMetaUrl],
  }) as const satisfies BuildOptions;
