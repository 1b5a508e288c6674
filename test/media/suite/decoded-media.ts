import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { type DecodedAudio, decodeAudio } from "../measure/decoded-audio.ts";
import { flashGrid } from "../measure/flashes.ts";
import { type Loudness, measureLoudness } from "../measure/loudness.ts";
import { type LumaFrame, readLumaFrames } from "../measure/luma-frames.ts";
import { readMp4Tracks } from "../measure/mp4.ts";

/**
 * How times are read: `file` counts from the earliest track of a file; `track` as stored, with edits, for files of one
 * track; `mse` as Media Source Extensions in Chromium present them.
 */
export type Timeline = "file" | "track" | "mse";

/** Decodes outputs, each once for all checks of it. */
export interface DecodedMedia {
  /** Frames as a grid for flashes. */
  readonly frames: (path: string, timeline?: Timeline) => Promise<readonly LumaFrame[]>;
  /** Frames of full size. */
  readonly fullFrames: (path: string) => Promise<readonly LumaFrame[]>;
  readonly audio: (path: string, timeline?: Timeline) => Promise<DecodedAudio>;
  readonly loudness: (path: string) => Promise<Loudness>;
}

/** Seconds that Chromium subtracts from the times of a track: the media time of its first edit. */
const readMseOffset = async (path: string): Promise<number> => {
  const [track] = await readMp4Tracks(path);
  return track?.edits[0]?.mediaSeconds ?? 0;
};

const remember = <Value>(read: (path: string, timeline: Timeline) => Promise<Value>) => {
  const values = new Map<string, Promise<Value>>();
  return (path: string, timeline: Timeline = "file"): Promise<Value> => {
    const key = `${timeline} ${path}`;
    const value = values.get(key) ?? read(path, timeline);
    values.set(key, value);
    return value;
  };
};

const listDecodeOptions = (timeline: Timeline) => ({
  isAbsolute: timeline !== "file",
  inputArguments: timeline === "mse" ? ["-ignore_editlist", "1"] : [],
});

/** Opens outputs for decoding with one build. */
export const createDecodedMedia = (programs: MediaPrograms): DecodedMedia => ({
  frames: remember(async (path, timeline) => {
    const frames = await readLumaFrames(programs, path, { ...listDecodeOptions(timeline), grid: flashGrid });
    if (timeline !== "mse") return frames;
    const offset = await readMseOffset(path);
    return frames.map((frame) => ({ ...frame, seconds: frame.seconds - offset }));
  }),
  fullFrames: remember((path) => readLumaFrames(programs, path)),
  audio: remember(async (path, timeline) => {
    const audio = await decodeAudio(programs, path, listDecodeOptions(timeline));
    if (timeline !== "mse") return audio;
    const offset = await readMseOffset(path);
    return {
      ...audio,
      startSeconds: audio.startSeconds - offset,
      endSeconds: audio.endSeconds - offset,
      channels: audio.channels.map((channel) => channel.subarray(Math.round(offset * audio.sampleRate))),
    };
  }),
  loudness: remember((path) => measureLoudness(programs, path)),
});
