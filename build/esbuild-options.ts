import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";

/** One program to put into one file. */
export interface BundleOptions {
  /** Path of the program's entry file. */
  readonly entry: string;
  /** Path of the CommonJS file to write. */
  readonly outfile: string;
  /** Constants written into the program: an identifier and the value it stands for, as JSON. @default none */
  readonly define?: Readonly<Record<string, unknown>>;
  /** Identifiers put in place of others. @default none */
  readonly defineIdentifiers?: Readonly<Record<string, string>>;
  /** JavaScript of one line that the program begins with. @default none */
  readonly banner?: string;
  /** The oldest Node that the bundle runs on. @default "node20" */
  readonly target?: "node20" | "node22";
  /** @default true */
  readonly minify?: boolean;
  /**
   * Takes credentials from the environment alone, where Lambda puts them, so that the SDK's SSO, INI and process
   * providers stay out of the bundle. Fargate tasks read theirs from a container endpoint: leave it off for those.
   * @default false
   */
  readonly environmentCredentials?: boolean;
}

/** The folder of package.json, which paths are relative to. */
export const projectDirectory = fileURLToPath(new URL("..", import.meta.url));

/** What esbuild is told, for one order. */
export function getEsbuildOptions(options: BundleOptions, root: string = projectDirectory): BuildOptions {
  const define = Object.entries(options.define ?? {}).map(([name, value]) => [name, JSON.stringify(value)]);
  return {
    entryPoints: [options.entry],
    outfile: options.outfile,
    absWorkingDir: root,
    bundle: true,
    platform: "node",
    target: options.target ?? "node20",
    format: "cjs",
    // A package's ES module build shakes; its CommonJS build comes in whole: 311 KB instead of 531 KB a client.
    mainFields: ["module", "main"],
    minify: options.minify ?? true,
    keepNames: false,
    // Beside the bundle, for stack traces: positions and names without the sources' text.
    sourcemap: "linked",
    sourcesContent: false,
    treeShaking: true,
    // Where packages really lie is this machine's matter: source maps name them as the program does.
    preserveSymlinks: true,
    legalComments: "none",
    logLevel: "silent",
    // CommonJS has no import.meta.url: programs that ask for it get the bundle's own address.
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
