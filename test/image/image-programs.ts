import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

/** ffmpeg of an image, with the image's libraries and none of this machine. */
export interface ImagePrograms {
  /** Runs it without input. @returns its standard output @throws Error with its log */
  ffmpeg(programArguments: readonly string[]): string;
}

/** Loaders of the platforms that the image is built for. */
const loaders = ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"];
/** Where Debian has its libraries. */
const libraryFolders = ["usr/lib", "usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"];

/** Opens the programs of an image. @param root folder of its files */
export const openImagePrograms = (root: string): ImagePrograms => {
  const loader = loaders.map((path) => join(root, path)).find(existsSync);
  if (loader === undefined) throw new Error(`${root} has no loader.`);
  const libraryPath = libraryFolders.map((path) => join(root, path)).join(":");
  return {
    ffmpeg: (programArguments) =>
      execFileSync(
        loader,
        ["--library-path", libraryPath, join(root, "usr/bin/ffmpeg"), "-nostdin", ...programArguments],
        { encoding: "utf8", env: {}, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 64 << 20 },
      ),
  };
};
