import { basename, join } from "node:path";
import { build, type Plugin } from "esbuild";
import { packageDirectory } from "./package-directory.ts";

/** Options of `bundlePrograms`. */
export interface BundleOptions {
  /** Folder of the sources and of `node_modules/`. @default the package's folder */
  readonly root?: string;
  /** Replacements of identifiers by other identifiers or by JSON. @default none */
  readonly define?: Readonly<Record<string, string>>;
  /** One line of JavaScript at the beginning. @default none */
  readonly banner?: string;
  /** The oldest Node.js that the bundles run on. @default "node20" */
  readonly target?: "node20" | "node22";
  /**
   * Reads credentials from the environment only, as in Lambda, so that the SDK's SSO, INI and process
   * providers are not bundled. Not for Fargate tasks, which read credentials from a container endpoint.
   * @default false
   */
  readonly environmentCredentials?: boolean;
  /** Packages that are not bundled: native ones. @default none */
  readonly external?: readonly string[];
  /** @default none */
  readonly plugins?: readonly Plugin[];
}

/** Path of this file, which has the options of every bundle. */
export const bundlePath = import.meta.filename;

/** Bundles with the files that they were built from. */
export interface Bundles {
  /** Contents by file name: `NAME.cjs` and `NAME.cjs.map`. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** Paths relative to `root`, with their module format. */
  readonly inputs: Readonly<Record<string, { readonly format?: "cjs" | "esm" }>>;
}

/** Start of a package's path in a source map: any folder, and in pnpm's layout the folder of the package's version. */
const packagePrefix = /"[^"\n]*?\bnode_modules\/(?:\.pnpm\/[^"/]+\/node_modules\/)?/g;
/** Gives packages the same paths on every machine, wherever they are installed. */
const normalizeSourceMap = (contents: Uint8Array): Buffer =>
  Buffer.from(Buffer.from(contents).toString().replaceAll(packagePrefix, '"node_modules/'));

/**
 * Bundles programs into one minified CommonJS file each, with a source map for stack traces. The files are the same on
 * every machine: paths in a source map are relative to `root` or begin with `node_modules/`, and source contents are
 * not included.
 *
 * @param entries paths of the entry files, relative to `root`, by name of the bundle
 * @throws esbuild's error with file and line
 */
export const bundlePrograms = async (
  entries: Readonly<Record<string, string>>,
  options: BundleOptions = {},
): Promise<Bundles> => {
  const { root = packageDirectory } = options;
  const { outputFiles, metafile } = await build({
    entryPoints: { ...entries },
    absWorkingDir: root,
    // Nothing is written; paths in the source map are relative to it.
    outdir: root,
    outExtension: { ".js": ".cjs" },
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    target: options.target ?? "node20",
    format: "cjs",
    // ES module builds allow tree shaking, CommonJS builds do not: 311 KB instead of 531 KB per client.
    mainFields: ["module", "main"],
    minify: true,
    // An import becomes a require, which does not load Node's module loader for ES modules.
    supported: { "dynamic-import": false },
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    external: [...(options.external ?? [])],
    logLevel: "silent",
    // CommonJS has no import.meta.url; it is replaced by the URL of the bundle.
    define: { "import.meta.url": "bundleUrl", ...options.define },
    banner: {
      js: `const bundleUrl=require("node:url").pathToFileURL(__filename).href;${options.banner ?? ""}`,
    },
    ...(options.environmentCredentials === true && {
      alias: {
        "@aws-sdk/credential-provider-node": join(packageDirectory, "dist/build/environment-credentials.js"),
      },
    }),
    plugins: [...(options.plugins ?? [])],
    // The same bundle for every tsconfig.json, as for the other modules of a project.
    tsconfigRaw: {},
  });
  return {
    files: Object.fromEntries(
      outputFiles.map(({ path, contents }) => [
        basename(path),
        path.endsWith(".map") ? normalizeSourceMap(contents) : Buffer.from(contents),
      ]),
    ),
    inputs: metafile.inputs,
  };
};
