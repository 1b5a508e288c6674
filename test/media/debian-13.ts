import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type MediaPrograms, programsIn } from "../e2e/media-programs.ts";

const run = promisify(execFile);
const maxBuffer = 64 << 20;
/** The packages take a minute to download and unpack, so they are cached between runs. */
const cache = fileURLToPath(new URL("../../node_modules/.cache/reelway-ffmpeg", import.meta.url));
const root = join(cache, "trixie");
const packages = "var/cache/apt/archives";
const programs = "reelway/bin";
/** Loaders of the platforms that the worker's image is built for. */
const loaders = ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"];
/** Alternatives, which only a configured package links among the other libraries. */
const alternatives = ["", "blas", "lapack", "pulseaudio"];

/** Writes a script that starts a program with the libraries of its release and none of this machine. */
const writeStarter = async (folder: string, name: string): Promise<void> => {
  const loader = loaders.find((path) => existsSync(join(folder, path)));
  if (loader === undefined) throw new Error(`${folder} has no loader.`);
  const platform = loader.includes("x86-64") ? "x86_64-linux-gnu" : "aarch64-linux-gnu";
  const libraries = alternatives.map((path) => join(root, "usr/lib", platform, path)).join(":");
  const script = `#!/bin/sh\nexec '${join(root, loader)}' --library-path '${libraries}' '${join(root, "usr/bin", name)}' "$@"\n`;
  await mkdir(join(folder, programs), { recursive: true });
  await writeFile(join(folder, programs, name), script);
  await chmod(join(folder, programs, name), 0o755);
};

/** Unpacks ffmpeg of Debian 13 and its libraries, without installing them. It needs root and Debian's mirror. */
export const unpackDebian13 = async (): Promise<void> => {
  if (existsSync(root)) return;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "unpacking-"));
  const options = ["--foreign", "--variant=minbase", "--include=ffmpeg"];
  await run("debootstrap", [...options, "trixie", folder], { maxBuffer });
  for (const name of await readdir(join(folder, packages)))
    if (name.endsWith(".deb")) await run("dpkg-deb", ["--extract", join(folder, packages, name), folder]);
  await rm(join(folder, packages), { recursive: true });
  for (const name of ["ffmpeg", "ffprobe"]) await writeStarter(folder, name);
  await rename(folder, root);
};

/** ffmpeg 7.1 of Debian 13, after `unpackDebian13`. */
export const debian13Programs = (): MediaPrograms => programsIn("ffmpeg of Debian 13", join(root, programs));
