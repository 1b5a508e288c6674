import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Folder of the package that a bundled file belongs to; undefined for the project's own. */
const findPackageFolder = (path: string): string | undefined =>
  /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];

const describePackage = async (folder: string): Promise<string> => {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  const text = file === undefined ? "" : `\n\n${(await readFile(join(folder, file), "utf8")).trim()}`;
  return `${name} ${version} (${license})${text}\n`;
};

/**
 * Collects the licenses of the packages in a bundle, which they require to be distributed with it.
 *
 * @param inputs paths of the bundled files, relative to `root`
 */
export const collectLicenses = async (root: string, inputs: readonly string[]): Promise<Buffer> => {
  const folders = new Set(inputs.flatMap((input) => findPackageFolder(input) ?? []));
  const texts = await Promise.all([...folders].sort().map((folder) => describePackage(join(root, folder))));
  return Buffer.from(`This page contains these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`);
};
