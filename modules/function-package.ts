import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { createCache, getBundleDirectory } from "../build/cache.ts";
import {
  bundleFunctionWithHook,
  embedConfiguration,
  type FunctionFiles,
  readCompiledFunction,
} from "../build/function-bundle.ts";
import { HookError, type HookName } from "../pipeline/configuration/hooks-schema.ts";

/** The deployment package of a function. */
export interface FunctionPackage {
  /** Path of the zip file. */
  readonly path: string;
  /** SHA-256 in base64, as in Lambda's `CodeSha256`. */
  readonly sha256: string;
  /** SHA-256 in hexadecimal, for names. */
  readonly sha256Hex: string;
  /** Size of the zip file, bytes. */
  readonly bytes: number;
}

/** A fixed time, the oldest in zip files, for reproducible packages. */
const zipTimestamp = new Date(1980, 0, 1);

/**
 * Zips files reproducibly on every machine: sorted, with fixed time and mode, and uncompressed, because the output of
 * deflate depends on Node's version.
 *
 * @param files contents by name
 */
export const zipFiles = async (files: Readonly<Record<string, Buffer>>): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [name, bytes] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1)))
    zip.addBuffer(bytes, name, {
      mtime: zipTimestamp,
      mode: 0o100644,
      compress: false,
      forceDosTimestamp: true,
    });
  zip.end();
  return buffer(zip.outputStream);
};

/** Options of `packageFunction`. */
export interface PackageFunctionOptions {
  /** The team's hook that the function calls. @default none */
  readonly hook?: { readonly name: HookName; readonly path: string };
  /**
   * An existing folder. @default the bundle folder, where the package is kept for an hour under a name with its hash
   */
  readonly directory?: string;
}

const readFunction = (name: string, hook: PackageFunctionOptions["hook"]): Promise<FunctionFiles> =>
  hook === undefined
    ? readCompiledFunction(name)
    : bundleFunctionWithHook(name, { project: ".", path: hook.path }).catch((cause: unknown) => {
        throw new HookError(hook.name, hook.path, cause);
      });

/** Longer than any synth needs to copy its packages to the stacks. */
const retentionMs = 3600 * 1000;

/**
 * Zips a compiled Lambda function with its configuration and its source map, which Node reads if
 * `NODE_OPTIONS` contains `--enable-source-maps`. The handler is `index.handler`.
 *
 * @param configuration JSON that the program reads as `process.env.CONFIGURATION`, so that a changed route is a
 * changed function in the plan
 * @throws HookError
 */
export const packageFunction = async (
  name: string,
  configuration: string,
  { hook, directory }: PackageFunctionOptions = {},
): Promise<FunctionPackage> => {
  const zip = await zipFiles({ ...embedConfiguration(await readFunction(name, hook), configuration) });
  const hash = createHash("sha256").update(zip).digest();
  const metadata = { sha256: hash.toString("base64"), sha256Hex: hash.toString("hex"), bytes: zip.length };
  if (directory !== undefined) {
    const path = join(directory, `${name}.zip`);
    writeFileSync(path, zip);
    return { path, ...metadata };
  }
  const cache = createCache(getBundleDirectory(process.cwd()));
  const path = cache.write(`${metadata.sha256Hex}.${name}.zip`, zip);
  cache.sweep(path, retentionMs, ".zip");
  return { path, ...metadata };
};
