import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { buildLivePlaylist } from "../../pipeline/highlights/playlist/build-live-playlist.ts";
import { recordingManifestName } from "../../pipeline/highlights/playlist/build-recording-playlist.ts";
import { parsePlaylist } from "../../pipeline/highlights/playlist/parse-playlist.ts";
import { type LoopbackServer, serveLoopback } from "./serve-loopback.ts";

export interface LiveOriginOptions {
  /** Epoch milliseconds of the first frame. */
  readonly startMs: number;
  /** Most segments in the playlist. @default 6 */
  readonly windowSize?: number;
  /** Epoch milliseconds. @default the time of this machine */
  readonly now?: () => number;
}
/** The origin of a live channel. */
export interface LiveOrigin extends LoopbackServer {
  readonly manifestUrl: string;
  readonly segmentCount: number;
  /** When the channel ends, epoch milliseconds. */
  readonly endMs: number;
}

/**
 * Serves a recording of MPEG-TS segments on loopback as a live channel: with a sliding window, as if it were encoded at
 * this moment.
 *
 * @param folder of the recording, with `index.m3u8`
 */
export const serveLiveOrigin = async (
  folder: string,
  { startMs, windowSize = 6, now = Date.now }: LiveOriginOptions,
): Promise<LiveOrigin> => {
  const text = await readFile(join(folder, recordingManifestName), "utf8");
  const playlist = parsePlaylist(text, `http://127.0.0.1/${recordingManifestName}`);
  if (playlist.kind !== "media") throw new Error(`${folder} has no media playlist`);
  const segments = playlist.segments.map(({ url, durationSeconds }) => ({
    file: basename(new URL(url).pathname),
    durationSeconds,
  }));
  const app = new Hono()
    .get("/live.m3u8", (context) =>
      context.body(buildLivePlaylist(segments, { startMs, nowMs: now(), windowSize }), 200, {
        "content-type": "application/vnd.apple.mpegurl",
        "cache-control": "no-store",
      }),
    )
    .use(serveStatic({ root: folder }));
  const server = await serveLoopback(app);
  return {
    ...server,
    manifestUrl: `http://127.0.0.1:${server.port}/live.m3u8`,
    segmentCount: segments.length,
    endMs: startMs + segments.reduce((sum, { durationSeconds }) => sum + durationSeconds * 1000, 0),
  };
};
