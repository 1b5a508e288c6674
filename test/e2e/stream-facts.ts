import * as z from "zod";
import type { MediaPrograms } from "./media-programs.ts";

const document = z.object({
  streams: z.array(
    z.object({
      index: z.number(),
      codec_type: z.string(),
      codec_name: z.string(),
      profile: z.optional(z.string()),
      level: z.optional(z.number()),
      r_frame_rate: z.optional(z.string()),
      field_order: z.optional(z.string()),
    }),
  ),
  packets: z.array(
    z.object({
      stream_index: z.number(),
      pts_time: z.coerce.number().optional(),
      size: z.coerce.number(),
      flags: z.optional(z.string()),
    }),
  ),
});

/** Facts about a file beyond codec and size. */
export interface StreamFacts {
  readonly profile: string | undefined;
  readonly level: number | undefined;
  /** Frames per second. */
  readonly frameRate: number;
  readonly fieldOrder: string | undefined;
  /** Frames between keyframes: of all GOPs but the last. */
  readonly gops: readonly number[];
  readonly frames: number;
  /** kbit/s of the video, over its frames. */
  readonly videoKbps: number;
  /** kbit/s of the audio. */
  readonly audioKbps: number;
}

const ratio = (text: string | undefined): number => {
  const [over = 0, under = 1] = (text ?? "0/1").split("/").map(Number);
  return over / under;
};

/**
 * Frames in display order: packets are in decoding order. In MPEG-PS, a frame that begins within a packet has no time; it
 * belongs where one is missing.
 */
const orderFrames = <Packet extends { readonly pts_time?: number | undefined }>(
  packets: readonly Packet[],
  frameRate: number,
): readonly Packet[] => {
  const timed = packets.flatMap((packet) =>
    packet.pts_time === undefined ? [] : [{ packet, seconds: packet.pts_time }],
  );
  timed.sort((a, b) => a.seconds - b.seconds);
  for (const packet of packets.filter(({ pts_time }) => pts_time === undefined)) {
    const gap = timed.findIndex(
      ({ seconds }, index) => (timed[index + 1]?.seconds ?? Infinity) - seconds > 1.5 / frameRate,
    );
    timed.splice(gap + 1, 0, { packet, seconds: (timed[gap]?.seconds ?? 0) + 1 / frameRate });
  }
  return timed.map(({ packet }) => packet);
};

/** Reads every packet of a file of so many seconds. */
export const readStreamFacts = async (
  programs: MediaPrograms,
  path: string,
  seconds: number,
): Promise<StreamFacts> => {
  const probeArguments = [
    "-show_streams",
    "-show_entries",
    "packet=stream_index,pts_time,size,flags",
    "-of",
    "json",
  ];
  const { streams, packets } = document.parse(JSON.parse(await programs.ffprobe([...probeArguments, path])));
  const video = streams.find(({ codec_type }) => codec_type === "video");
  const frameRate = ratio(video?.r_frame_rate);
  const frames = orderFrames(
    packets.filter(({ stream_index }) => stream_index === video?.index),
    frameRate,
  );
  const keys = frames.flatMap(({ flags }, index) => (flags?.startsWith("K") === true ? [index] : []));
  const audioPackets = packets.filter(({ stream_index }) => stream_index !== video?.index);
  const bytes = (some: readonly (typeof packets)[number][]) => some.reduce((sum, { size }) => sum + size, 0);
  return {
    profile: video?.profile,
    level: video?.level,
    frameRate,
    fieldOrder: video?.field_order,
    frames: frames.length,
    gops: keys.slice(1).map((key, index) => key - (keys[index] ?? 0)),
    videoKbps: (bytes(frames) * 8) / 1000 / (frames.length / frameRate),
    audioKbps: (bytes(audioPackets) * 8) / 1000 / seconds,
  };
};
