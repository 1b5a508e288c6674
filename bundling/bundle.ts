import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, buildSync } from "esbuild";

/** One program to put into one file. */
export interface BundleOrder {
  /** Path of the program's entry file. */
  readonly entry: string;
  /** Path of the CommonJS file to write. */
  readonly outfile: string;
  /** Constants written into the program: an identifier and the value it stands for, as JSON. @default none */
  readonly define?: Readonly<Record<string, unknown>>;
  /** @default true */
  readonly minify?: boolean;
  /** Writes a source map beside the bundle. @default false */
  readonly sourcemap?: boolean;
  /**
   * Takes credentials from the environment alone, where Lambda puts them, so that the SDK's SSO, INI and process
   * providers stay out of the bundle. Fargate tasks read theirs from a container endpoint: leave it off for those.
   * @default false
   */
  readonly environmentCredentials?: boolean;
}

/** What bundling made. */
export interface Bundle {
  readonly path: string;
  /** Size of the bundle in bytes. */
  readonly bytes: number;
}

/** An async twin of {@link bundleProgramSync}; throws esbuild's own error, which names file and line. */
export async function bundleProgram(order: BundleOrder): Promise<Bundle> {
  await build(options(order));
  return measured(order.outfile);
}

/** Bundles while CDKTF synthesises, which cannot wait for a promise. */
export function bundleProgramSync(order: BundleOrder): Bundle {
  buildSync(options(order));
  return measured(order.outfile);
}

function measured(path: string): Bundle {
  return { path, bytes: statSync(path).size };
}

function options(order: BundleOrder): BuildOptions {
  const define = Object.entries(order.define ?? {}).map(([name, value]) => [name, JSON.stringify(value)]);
  return {
    entryPoints: [order.entry],
    outfile: order.outfile,
    absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    // A package's ES module build shakes; its CommonJS build comes in whole: 311 KB instead of 531 KB a client.
    mainFields: ["module", "main"],
    minify: order.minify ?? true,
    keepNames: false,
    sourcemap: order.sourcemap ?? false,
    treeShaking: true,
    legalComments: "none",
    logLevel: "silent",
    // CommonJS has no import.meta.url: programs that ask for it get the bundle's own address.
    define: { "import.meta.url": "bundleUrl", ...Object.fromEntries(define) },
    banner: { js: 'const bundleUrl=require("node:url").pathToFileURL(__filename).href;' },
    ...(order.environmentCredentials === true
      ? {
          alias: {
            "@aws-sdk/credential-provider-node": fileURLToPath(
              new URL("environment-credentials.ts", import.meta.url),
            ),
          },
        }
      : {}),
  };
}
