import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { createCache } from "../build/cache.ts";
import { createFunctionBundler, getBundleDirectory } from "../build/function-bundle.ts";

/** A function's code, ready to be uploaded. */
export interface FunctionPackage {
  /** Path of the zip file. */
  readonly path: string;
  /** SHA-256 in base64, as Lambda's `CodeSha256` has it. */
  readonly sha256: string;
  /** The same in hexadecimal, for names. */
  readonly sha256Hex: string;
  /** Size of the zip file. */
  readonly bytes: number;
}

/** The oldest time a zip file can hold: the same code then gives the same bytes. */
const zipTimestamp = new Date(1980, 0, 1);

/**
 * Zips files so that the same bytes come of them on every machine: sorted, with one time and mode, and stored, since
 * what deflate writes changes with Node's version.
 *
 * @param files content by name
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

const bundler = createFunctionBundler();
/** Long enough for any synth to have copied its packages to the stacks. */
const retentionMs = 3600 * 1000;

/**
 * Bundles a Lambda function with its configuration and zips it with its source map, which Node reads where
 * `NODE_OPTIONS` holds `--enable-source-maps`. The handler is `index.handler`.
 *
 * @param configuration JSON that the program finds as `process.env.CONFIGURATION`, so that a changed route is a
 * changed function in the plan
 * @param directory an existing folder; by default the folder of bundles, where the package stays for an hour under a
 * name of its content
 */
export const packageFunction = async (
  name: string,
  configuration: string,
  directory?: string,
): Promise<FunctionPackage> => {
  const zip = await zipFiles({ ...(await bundler.bundle(name, configuration)) });
  const hash = createHash("sha256").update(zip).digest();
  const metadata = { sha256: hash.toString("base64"), sha256Hex: hash.toString("hex"), bytes: zip.length };
  if (directory !== undefined) {
    const path = join(directory, `${name}.zip`);
    writeFileSync(path, zip);
    return { path, ...metadata };
  }
  const cache = createCache(getBundleDirectory());
  const path = cache.write(`${metadata.sha256Hex}.${name}.zip`, zip);
  cache.sweep(path, retentionMs, ".zip");
  return { path, ...metadata };
};
