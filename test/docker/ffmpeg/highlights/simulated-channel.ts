import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startOrigin } from "../../../adapters/aws/origin.ts";
import type { MediaPrograms } from "../../../e2e/media-programs.ts";

/** A period in which the channel shows a photograph. */
export interface ShownPhotograph {
  readonly label: string;
  readonly file: string;
  /** Seconds from the start. */
  readonly start: number;
  readonly end: number;
}
export interface SimulatedChannelOptions {
  readonly programs: MediaPrograms;
  readonly seconds: number;
  readonly frameRate: string;
  readonly segmentSeconds: number;
  readonly type: "mpegts" | "fmp4";
  readonly photographs: readonly ShownPhotograph[];
  /** Segments in the window. */
  readonly windowSize: number;
  /** Epoch milliseconds of the first frame. */
  readonly startMs: number;
  readonly hasProgramDateTime: boolean;
  /** HTTP status of a request of a segment, counted from 1 for each. @default 200 */
  readonly getStatus?: (name: string, request: number) => number;
}

const photographsFolder = new URL("../../../../examples/highlights/", import.meta.url).pathname;

/** Encodes the whole channel: a moving background, over which photographs appear for a time. */
const encodeChannel = async (options: SimulatedChannelOptions): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-channel-"));
  const { programs, photographs, seconds, frameRate, segmentSeconds, type } = options;
  const background = `gradients=s=640x360:c0=navy:c1=olive:speed=0.02:r=${frameRate}`;
  const filters = photographs.map(
    ({ start, end }, index) =>
      `[${index + 1}:v]scale=640:360[p${index}];[b${index}][p${index}]overlay=enable='gte(t,${start})*lt(t,${end})'[b${index + 1}]`,
  );
  const base = programs.build.includes("Debian") ? background : `testsrc2=s=640x360:r=${frameRate}`;
  await programs.ffmpeg([
    ...["-f", "lavfi", "-i", base],
    ...photographs.flatMap(({ file }) => [
      "-loop",
      "1",
      "-r",
      frameRate,
      "-i",
      join(photographsFolder, file),
    ]),
    ...["-filter_complex", [`[0:v]null[b0]`, ...filters].join(";")],
    ...["-map", `[b${photographs.length}]`, "-t", String(seconds)],
    ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2", "-g", "30"],
    ...["-f", "hls", "-hls_time", String(segmentSeconds), "-hls_list_size", "0", "-hls_segment_type", type],
    ...["-hls_fmp4_init_filename", "init.mp4"],
    ...["-hls_segment_filename", join(folder, `s%d.${type === "fmp4" ? "m4s" : "ts"}`)],
    join(folder, "whole.m3u8"),
  ]);
  return folder;
};

/**
 * Starts a live channel on loopback whose time is a variable: its playlist has the segments that are complete at
 * `clock.ms`.
 */
export const startSimulatedChannel = async (options: SimulatedChannelOptions, clock: { ms: number }) => {
  const folder = await encodeChannel(options);
  const whole = await readFile(join(folder, "whole.m3u8"), "utf8");
  const durations = [...whole.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  const requested: string[] = [];
  const buildPlaylist = (): string => {
    let end = options.startMs;
    const complete = durations.flatMap((seconds, index) => {
      const start = end;
      end += seconds * 1000;
      return end <= clock.ms ? [{ index, seconds, start }] : [];
    });
    const isEnded = complete.length === durations.length;
    const window = complete.slice(-options.windowSize);
    return [
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      `#EXT-X-TARGETDURATION:${Math.ceil(Math.max(...durations))}`,
      `#EXT-X-MEDIA-SEQUENCE:${window[0]?.index ?? 0}`,
      ...(options.type === "fmp4" ? ['#EXT-X-MAP:URI="init.mp4"'] : []),
      ...window.flatMap(({ index, seconds, start }) => [
        ...(options.hasProgramDateTime ? [`#EXT-X-PROGRAM-DATE-TIME:${new Date(start).toISOString()}`] : []),
        `#EXTINF:${seconds.toFixed(6)},`,
        `s${index}.${options.type === "fmp4" ? "m4s" : "ts"}`,
      ]),
      ...(isEnded ? ["#EXT-X-ENDLIST"] : []),
      "",
    ].join("\n");
  };
  const origin = await startOrigin((request, response) => {
    const name = (request.url ?? "").slice(1);
    if (name === "live.m3u8") {
      response.end(buildPlaylist());
      return;
    }
    requested.push(name);
    const status = options.getStatus?.(name, requested.filter((one) => one === name).length) ?? 200;
    if (status !== 200) {
      response.writeHead(status).end();
      return;
    }
    readFile(join(folder, name)).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  return {
    folder,
    manifestUrl: origin.toUrl("/live.m3u8", "127.0.0.1"),
    /** Segments that were read, in order. */
    requested,
    segmentCount: durations.length,
    close: () => origin.close(),
  };
};
