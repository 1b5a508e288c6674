import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { decodeTrackAudio, readTrackFrames, type TrackTimeline } from "../measure/cmaf-track.ts";
import { type DecodedAudio, decodeAudio } from "../measure/decoded-audio.ts";
import { flashGrid } from "../measure/flashes.ts";
import { type Loudness, measureLoudness } from "../measure/loudness.ts";
import { type LumaFrame, readLumaFrames } from "../measure/luma-frames.ts";

/** How times are read: `file` counts from the earliest track of a file; the others are for files of one track. */
export type Timeline = "file" | TrackTimeline;

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

/** Opens outputs for decoding with one build. */
export const createDecodedMedia = (programs: MediaPrograms): DecodedMedia => ({
  frames: remember((path, timeline) =>
    timeline === "file"
      ? readLumaFrames(programs, path, { grid: flashGrid })
      : readTrackFrames(programs, path, timeline, flashGrid),
  ),
  fullFrames: remember((path) => readLumaFrames(programs, path)),
  audio: remember((path, timeline) =>
    timeline === "file" ? decodeAudio(programs, path) : decodeTrackAudio(programs, path, timeline),
  ),
  loudness: remember((path) => measureLoudness(programs, path)),
});
