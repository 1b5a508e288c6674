import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { getSystemErrorCode } from "../../adapters/local/system-error.ts";
import { CommandError } from "../../pipeline/errors/errors.ts";
import { recordingManifestName } from "../../pipeline/highlights/playlist/build-recording-playlist.ts";
import { quoteShellArgument } from "../../pipeline/text/format.ts";
import { serveLoopback } from "./serve-loopback.ts";

/** A recording that can be read as a channel. */
export interface OpenRecording {
  /** URL of its manifest. */
  readonly manifestUrl: string;
  close(): Promise<void>;
}

const manifestPattern = /\.m3u8$/i;

/** Finds the manifest of a folder. @throws CommandError if it has none, or several and none of the usual name */
const findManifest = async (folder: string): Promise<string> => {
  const names = (await readdir(folder)).filter((name) => manifestPattern.test(name)).sort();
  const [name] = names.includes(recordingManifestName) ? [recordingManifestName] : names;
  if (name === undefined)
    throw new CommandError(
      `The folder ${folder} has no manifest (.m3u8), so it is not a recording. To make one: npx reelway highlights record URL --minutes N --out ${quoteShellArgument(folder)}`,
    );
  if (name !== recordingManifestName && names.length > 1)
    throw new CommandError(
      `The folder ${folder} has ${names.length} manifests and none is named ${recordingManifestName}. Name one of them instead of the folder: ${names.join(", ")}`,
    );
  return join(folder, name);
};

/**
 * Opens a recording: the URL of a VOD manifest, its file, or the folder that contains it. A file and a folder are served
 * on loopback, so that they are read as a channel is.
 *
 * @throws CommandError if it does not exist or has no manifest
 */
export const openRecording = async (recording: string): Promise<OpenRecording> => {
  if (/^https?:\/\//i.test(recording)) {
    if (!URL.canParse(recording)) throw new CommandError(`The recording ${recording} is not a valid URL.`);
    return { manifestUrl: recording, close: async () => undefined };
  }
  const path = resolve(recording);
  const stats = await stat(path).catch((cause: unknown) => {
    if (getSystemErrorCode(cause) !== "ENOENT") throw cause;
    throw new CommandError(
      `The recording ${recording} does not exist. It is a folder, a VOD manifest (.m3u8) or its URL.`,
      { cause },
    );
  });
  const manifest = stats.isDirectory() ? await findManifest(path) : path;
  const server = await serveLoopback(
    new Hono().use(serveStatic({ root: dirname(manifest), allowPercentInPath: true })),
  );
  return {
    manifestUrl: `http://127.0.0.1:${server.port}/${encodeURIComponent(basename(manifest))}`,
    close: server.close,
  };
};
