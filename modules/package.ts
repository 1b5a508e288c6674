import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { bundleProgram } from "../bundling/bundle.ts";

/** A function's code, ready to be uploaded. */
export interface FunctionPackage {
  /** Path of the zip file. */
  readonly path: string;
  /** SHA-256 in base64, as Lambda's `CodeSha256` has it. */
  readonly sha256: string;
}

/** The oldest time a zip file can hold: the same code then gives the same bytes. */
const fixedTime = new Date(1980, 0, 1);

/**
 * Zips files so that the same bytes come of them on every machine: sorted, with one time and mode, and stored, since
 * what deflate writes changes with Node's version.
 */
export const zipFiles = async (paths: readonly string[]): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const path of [...paths].sort())
    zip.addBuffer(readFileSync(path), basename(path), {
      mtime: fixedTime,
      mode: 0o100644,
      compress: false,
      forceDosTimestamp: true,
    });
  zip.end();
  return buffer(zip.outputStream);
};

/**
 * Bundles a Lambda function with its configuration and zips it.
 *
 * @param configuration JSON that the program finds as `process.env.CONFIGURATION`, so that a changed route is a
 * changed function in the plan
 * @param directory an existing folder
 */
export const packageFunction = async (
  name: string,
  configuration: string,
  directory: string,
): Promise<FunctionPackage> => {
  const bundle = await bundleProgram({
    entry: `lambdas/${name}/index.ts`,
    outfile: `${directory}/index.js`,
    define: { "process.env.CONFIGURATION": configuration },
    environmentCredentials: true,
  });
  const bytes = await zipFiles([bundle.path]);
  const path = `${directory}/${name}.zip`;
  writeFileSync(path, bytes);
  return { path, sha256: createHash("sha256").update(bytes).digest("base64") };
};
