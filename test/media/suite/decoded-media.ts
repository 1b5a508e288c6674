import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { decodeTrackAudio, readTrackFrames, type TrackTimeline } from "../measure/cmaf-track.ts";
import { type DecodedAudio, decodeAudio } from "../measure/decoded-audio.ts";
import { flashGrid } from "../measure/flashes.ts";
import { type Loudness, measureLoudness } from "../measure/loudness.ts";
import { type LumaFrame, readLumaFrames } from "../measure/luma-frames.ts";

/**
 * How times are read: `file` counts from the earliest track of a file, `segments` from the first frame of a media
 * playlist; the others are for files of one track.
 */
export type Timeline = "file" | "segments" | TrackTimeline;

/** Decodes outputs, each once for all checks of it. */
export interface DecodedMedia {
  /** Frames as a grid for flashes. */
  readonly frames: (path: string, timeline?: Timeline) => Promise<readonly LumaFrame[]>;
  /** Frames of full size. */
  readonly fullFrames: (path: string) => Promise<readonly LumaFrame[]>;
  readonly audio: (path: string, timeline?: Timeline) => Promise<DecodedAudio>;
  readonly loudness: (path: string) => Promise<Loudness>;
}

const remember = <Value>(read: (path: string, timeline: Timeline) => Promise<Value>) => {
  const values = new Map<string, Promise<Value>>();
  return (path: string, timeline: Timeline = "file"): Promise<Value> => {
    const key = `${timeline} ${path}`;
    const value = values.get(key) ?? read(path, timeline);
    values.set(key, value);
    return value;
  };
};

/** Frames of a media playlist. Builds differ in the origin of its times, so that stored ones are read. */
const readSegmentFrames = (programs: MediaPrograms, path: string) =>
  readLumaFrames(programs, path, { grid: flashGrid, isAbsolute: true });
const decodeSegments = async (programs: MediaPrograms, path: string): Promise<DecodedAudio> => {
  const [first] = await readSegmentFrames(programs, path);
  const origin = first?.seconds ?? 0;
  const audio = await decodeAudio(programs, path, { isAbsolute: true });
  return {
    ...audio,
    startSeconds: audio.startSeconds - origin,
    endSeconds: audio.endSeconds - origin,
    channels: audio.channels.map((channel) => channel.subarray(Math.round(origin * audio.sampleRate))),
  };
};

/** Opens outputs for decoding with one build. */
export const createDecodedMedia = (programs: MediaPrograms): DecodedMedia => ({
  frames: remember(async (path, timeline) => {
    if (timeline === "file") return readLumaFrames(programs, path, { grid: flashGrid });
    if (timeline !== "segments") return readTrackFrames(programs, path, timeline, flashGrid);
    const frames = await readSegmentFrames(programs, path);
    const origin = frames[0]?.seconds ?? 0;
    return frames.map((frame) => ({ ...frame, seconds: frame.seconds - origin }));
  }),
  fullFrames: remember((path) => readLumaFrames(programs, path)),
  audio: remember((path, timeline) => {
    if (timeline === "file") return decodeAudio(programs, path);
    return timeline === "segments"
      ? decodeSegments(programs, path)
      : decodeTrackAudio(programs, path, timeline);
  }),
  loudness: remember((path) => measureLoudness(programs, path)),
});
