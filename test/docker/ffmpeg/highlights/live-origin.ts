import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOrigin } from "../../../adapters/aws/origin.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";
import { buildFrameCounterGraph } from "../../../media/inputs/frame-counter.ts";
import { buildGraphInput } from "../../../media/inputs/graphs.ts";

export interface LiveOriginOptions {
  readonly programs: MediaPrograms;
  readonly seconds: number;
  readonly segmentSeconds: number;
  /** Segments in the window. */
  readonly windowSize: number;
  /** Called before a request is answered, and after. It may never resolve. */
  readonly pass?: <T>(kind: string, answer: () => Promise<T>) => Promise<T>;
}

export const liveFrameRate = 25;

/** Starts a live channel on loopback: ffmpeg writes a sliding window in real time, with numbered frames. */
export const startLiveOrigin = async ({
  programs,
  seconds,
  segmentSeconds,
  windowSize,
  pass = (_kind, answer) => answer(),
}: LiveOriginOptions) => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-live-"));
  const segments: string[] = [];
  const origin = await startOrigin((request, response) => {
    const name = (request.url ?? "").slice(1);
    if (name.endsWith(".ts")) segments.push(name);
    void pass(`GET ${name}`, () => readFile(join(folder, name)).catch(() => undefined)).then((bytes) => {
      if (bytes === undefined) response.writeHead(404);
      response.end(bytes);
    });
  });
  const encoder = spawn(
    programs.paths.ffmpeg,
    [
      ..."-nostdin -loglevel error -re".split(" "),
      ...buildGraphInput(buildFrameCounterGraph(String(liveFrameRate), seconds)),
      ..."-c:v libx264 -preset ultrafast -crf 20 -bf 2 -sc_threshold 0 -g".split(" "),
      ...[String(liveFrameRate * segmentSeconds), "-f", "hls", "-hls_time", String(segmentSeconds)],
      ...["-hls_list_size", String(windowSize)],
      ...["-hls_flags", "delete_segments+program_date_time+temp_file"],
      ...["-hls_segment_filename", join(folder, "s%d.ts"), join(folder, "live.m3u8")],
    ],
    { env: {}, stdio: ["ignore", "ignore", "inherit"] },
  );
  return {
    manifestUrl: origin.toUrl("/live.m3u8", "127.0.0.1"),
    /** Segments that were requested, in order. */
    segments,
    async close() {
      if (encoder.exitCode === null && encoder.kill("SIGKILL")) await once(encoder, "exit");
      await origin.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
