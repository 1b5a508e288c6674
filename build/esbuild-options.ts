import { join } from "node:path";
import type { BuildOptions } from "esbuild";
import { packageDirectory } from "./package-directory.ts";

/** Options for bundling a program into one file. */
export interface BundleOptions {
  /** Path of the entry file. */
  readonly entry: string;
  /** Path of the CommonJS file to write. */
  readonly outfile: string;
  /** Constants by identifier, with JSON values. @default none */
  readonly define?: Readonly<Record<string, unknown>>;
  /** Replacements of identifiers by other identifiers. @default none */
  readonly defineIdentifiers?: Readonly<Record<string, string>>;
  /** One line of JavaScript at the beginning. @default none */
  readonly banner?: string;
  /** The oldest Node that the bundle runs on. @default "node20" */
  readonly target?: "node20" | "node22";
  /** @default true */
  readonly minify?: boolean;
  /**
   * Reads credentials from the environment only, as in Lambda, so that the SDK's SSO, INI and process
   * providers are not bundled. Not for Fargate tasks, which read credentials from a container endpoint.
   * @default false
   */
  readonly environmentCredentials?: boolean;
}

/** Converts bundle options to esbuild options. */
export function getEsbuildOptions(options: BundleOptions, root: string = packageDirectory): BuildOptions {
  const define = Object.entries(options.define ?? {}).map(([name, value]) => [name, JSON.stringify(value)]);
  return {
    entryPoints: [options.entry],
    outfile: options.outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: options.target ?? "node20",
    format: "cjs",
    // ES module builds allow tree shaking, CommonJS builds do not: 311 KB instead of 531 KB per client.
    mainFields: ["module", "main"],
    minify: options.minify ?? true,
    keepNames: false,
    // A separate file for stack traces, with positions and names but without source contents.
    sourcemap: "linked",
    sourcesContent: false,
    treeShaking: true,
    // Source maps then contain the packages' logical paths, which are the same on every machine.
    preserveSymlinks: true,
    legalComments: "none",
    logLevel: "silent",
    // CommonJS has no import.meta.url; it is replaced by the URL of the bundle.
    define: { "import.meta.url": "bundleUrl", ...Object.fromEntries(define), ...options.defineIdentifiers },
    banner: {
      js: `const bundleUrl=require("node:url").pathToFileURL(__filename).href;${options.banner ?? ""}`,
    },
    ...(options.environmentCredentials === true
      ? {
          alias: {
            "@aws-sdk/credential-provider-node": join(root, "build/environment-credentials.ts"),
          },
        }
      : {}),
  };
}
