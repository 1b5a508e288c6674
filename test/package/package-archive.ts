import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { packageDirectory } from "../../build/package-directory.ts";

const packSchema = z.tuple([
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
]);

/** A packed release of Reelway. */
export interface PackageArchive {
  readonly path: string;
  /** Paths of its files, relative to the package's folder. */
  readonly files: readonly string[];
}

/** Runs a program and returns its standard output. */
export const run = async (
  cwd: string,
  program: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<string> => {
  const { stdout } = await promisify(execFile)(program, args, {
    cwd,
    maxBuffer: 2 ** 26,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1", CI: "1", ...environment },
  });
  return stdout;
};

const npmOptions = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
/** Runs npm and returns its standard output. */
export const npm = (cwd: string, ...args: readonly string[]): Promise<string> =>
  run(cwd, "npm", [...args, ...npmOptions]);

const parsePack = (folder: string, text: string): PackageArchive => {
  const [{ filename, files }] = packSchema.parse(JSON.parse(text.slice(text.indexOf("["))));
  return { path: join(folder, filename), files: files.map(({ path }) => path) };
};

/** Compiles and packs this repository into a folder. */
export const packArchive = async (folder: string): Promise<PackageArchive> =>
  parsePack(
    folder,
    // Test files run concurrently, and each packs the same compiled files.
    await run(packageDirectory, "flock", [
      ...[".", "npm", "pack", "--json", "--pack-destination", folder],
      ...npmOptions,
    ]),
  );

/** Packs another release into the same folder: the files of an archive with changes. */
export const repackArchive = async (
  { path }: PackageArchive,
  folder: string,
  change: (directory: string) => Promise<void>,
): Promise<PackageArchive> => {
  const unpacked = await mkdtemp(join(folder, "unpacked-"));
  await run(unpacked, "tar", ["-xzf", path]);
  const directory = join(unpacked, "package");
  await change(directory);
  const text = await npm(directory, "pack", "--json", "--ignore-scripts", "--pack-destination", folder);
  await rm(unpacked, { recursive: true });
  return parsePack(folder, text);
};
