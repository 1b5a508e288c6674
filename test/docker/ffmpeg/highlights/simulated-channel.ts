import { createCipheriv } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
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
  /**
   * `encrypted-ranges`: segments are byte ranges of one file behind a redirect, encrypted with AES-128, and the playlist
   * is compressed.
   *
   * @default files
   */
  readonly delivery?: "files" | "encrypted-ranges";
  /** Changes the playlist of a time, epoch milliseconds. */
  readonly editPlaylist?: (playlist: SimulatedPlaylist, ms: number) => SimulatedPlaylist;
}
/** A segment of the window. */
export interface SimulatedSegment {
  readonly index: number;
  readonly seconds: number;
  /** Epoch milliseconds of its first frame. */
  readonly start: number;
  /** Lines before its name. */
  readonly tags?: readonly string[];
}
export interface SimulatedPlaylist {
  readonly mediaSequence: number;
  readonly isEnded: boolean;
  readonly segments: readonly SimulatedSegment[];
}

const photographsFolder = new URL("../../../../examples/highlights/", import.meta.url).pathname;

/** Files of an encoded channel by name. */
type ChannelFiles = ReadonlyMap<string, Buffer>;

/** What a channel is encoded from. */
type EncodedChannel = Pick<
  SimulatedChannelOptions,
  "programs" | "photographs" | "seconds" | "frameRate" | "segmentSeconds" | "type"
>;

/** Encodes the whole channel: a moving background, over which photographs appear for a time. */
const encodeChannel = async ({
  programs,
  photographs,
  seconds,
  frameRate,
  segmentSeconds,
  type,
}: EncodedChannel): Promise<ChannelFiles> => {
  const folder = await mkdtemp(join(tmpdir(), "reelway-channel-"));
  const background = `gradients=s=640x360:c0=navy:c1=olive:speed=0.02:seed=1:r=${frameRate}`;
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
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  await rm(folder, { recursive: true });
  return new Map(files);
};

/** Channels that were encoded in this process. */
const encodedChannels = new Map<string, Promise<ChannelFiles>>();

/** Encodes a channel unless it exists. */
const findEncodedChannel = ({ programs, ...content }: EncodedChannel): Promise<ChannelFiles> => {
  const { photographs, seconds, frameRate, segmentSeconds, type } = content;
  const key = JSON.stringify([programs.build, photographs, seconds, frameRate, segmentSeconds, type]);
  const files = encodedChannels.get(key) ?? encodeChannel({ programs, ...content });
  encodedChannels.set(key, files);
  return files;
};

const key = Buffer.from("0123456789abcdef");
/** Encrypts a segment with its number as initialization vector (RFC 8216, 5.2). */
const encrypt = (bytes: Uint8Array, mediaSequence: number): Uint8Array => {
  const iv = Buffer.alloc(16);
  iv.writeUInt32BE(mediaSequence, 12);
  const cipher = createCipheriv("aes-128-cbc", key, iv);
  return Buffer.concat([cipher.update(bytes), cipher.final()]);
};

/**
 * Starts a live channel on loopback whose time is a variable: its playlist has the segments that are complete at
 * `clock.ms`.
 */
export const startSimulatedChannel = async (options: SimulatedChannelOptions, clock: { ms: number }) => {
  const files = await findEncodedChannel(options);
  const readChannelFile = (name: string): Buffer => {
    const bytes = files.get(name);
    if (bytes === undefined) throw new Error(`The channel has no file ${name}.`);
    return bytes;
  };
  const whole = readChannelFile("whole.m3u8").toString();
  const durations = [...whole.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  const requested: string[] = [];
  const extension = options.type === "fmp4" ? "m4s" : "ts";
  const isEncrypted = options.delivery === "encrypted-ranges";
  const encrypted = isEncrypted
    ? durations.map((_, index) => encrypt(readChannelFile(`s${index}.${extension}`), index))
    : [];
  const offsets = encrypted.map((_, index) =>
    encrypted.slice(0, index).reduce((sum, { length }) => sum + length, 0),
  );
  const buildPlaylist = (): string => {
    let end = options.startMs;
    const complete = durations.flatMap((seconds, index) => {
      const start = end;
      end += seconds * 1000;
      return end <= clock.ms ? [{ index, seconds, start }] : [];
    });
    const whole: SimulatedPlaylist = {
      isEnded: complete.length === durations.length,
      segments: complete.slice(-options.windowSize),
      mediaSequence: complete.slice(-options.windowSize)[0]?.index ?? 0,
    };
    const { isEnded, segments, mediaSequence } = options.editPlaylist?.(whole, clock.ms) ?? whole;
    return [
      "#EXTM3U",
      "#EXT-X-VERSION:7",
      `#EXT-X-TARGETDURATION:${Math.ceil(Math.max(...durations))}`,
      `#EXT-X-MEDIA-SEQUENCE:${mediaSequence}`,
      ...(isEncrypted ? ['#EXT-X-KEY:METHOD=AES-128,URI="key"'] : []),
      ...(options.type === "fmp4" ? ['#EXT-X-MAP:URI="init.mp4"'] : []),
      ...segments.flatMap(({ index, seconds, start, tags = [] }) => [
        ...(options.hasProgramDateTime ? [`#EXT-X-PROGRAM-DATE-TIME:${new Date(start).toISOString()}`] : []),
        ...tags,
        `#EXTINF:${seconds.toFixed(6)},`,
        ...(isEncrypted
          ? [`#EXT-X-BYTERANGE:${encrypted[index]?.length}@${offsets[index]}`, `moved/all.${extension}`]
          : [`s${index}.${extension}`]),
      ]),
      ...(isEnded ? ["#EXT-X-ENDLIST"] : []),
      "",
    ].join("\n");
  };
  const origin = await startOrigin((request, response) => {
    const name = (request.url ?? "").slice(1);
    if (name === "live.m3u8") {
      const text = buildPlaylist();
      const isCompressed = isEncrypted && /gzip/.test(request.headers["accept-encoding"] ?? "");
      response.writeHead(200, isCompressed ? { "Content-Encoding": "gzip" } : {});
      response.end(isCompressed ? gzipSync(text) : text);
      return;
    }
    if (name === "key") {
      response.end(key);
      return;
    }
    if (name.startsWith("moved/")) {
      response.writeHead(302, { Location: `/${name.slice(6)}` }).end();
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
    if (isEncrypted && first !== undefined && last !== undefined) {
      requested.push(`s${offsets.indexOf(Number(first))}.${extension}`);
      const all = Buffer.concat(encrypted);
      response.writeHead(206, { "Content-Range": `bytes ${first}-${last}/${all.length}` });
      response.end(all.subarray(Number(first), Number(last) + 1));
      return;
    }
    requested.push(name);
    const status = options.getStatus?.(name, requested.filter((one) => one === name).length) ?? 200;
    if (status !== 200) {
      response.writeHead(status).end();
      return;
    }
    const bytes = files.get(name);
    if (bytes === undefined) response.writeHead(404).end();
    else response.end(bytes);
  });
  return {
    manifestUrl: origin.toUrl("/live.m3u8", "127.0.0.1"),
    /** Segments that were read, in order. */
    requested,
    segmentCount: durations.length,
    close: () => origin.close(),
  };
};
