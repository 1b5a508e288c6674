import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MediaPrograms } from "../../e2e/media-programs.ts";
import { type DecodedAudio, decodeAudio } from "./decoded-audio.ts";
import { type LumaFrame, type LumaOptions, readLumaFrames } from "./luma-frames.ts";
import { getMseStartSeconds, readMp4Tracks } from "./mp4.ts";

/**
 * How a player presents a fragmented track: `edits` follows ISO/IEC 14496-12, so that an empty edit delays the track;
 * `mse` is Media Source Extensions in Chromium, which ignore an empty edit.
 */
export type TrackTimeline = "edits" | "mse";

/**
 * Seconds of the first sample of a file with one fragmented track. Computed from the boxes: ffmpeg adds to the times of
 * video whose composition offsets are negative.
 */
const readStartSeconds = async (path: string, timeline: TrackTimeline): Promise<number> => {
  const [track] = await readMp4Tracks(path);
  if (track === undefined) throw new Error(`${path} has no track.`);
  const emptySeconds = track.edits
    .filter(({ mediaSeconds }) => mediaSeconds === undefined)
    .reduce((sum, { seconds }) => sum + seconds, 0);
  const mediaEdit = track.edits.find(({ mediaSeconds }) => mediaSeconds !== undefined);
  if (timeline === "mse") return getMseStartSeconds(track);
  return getMseStartSeconds({ ...track, edits: mediaEdit === undefined ? [] : [mediaEdit] }) + emptySeconds;
};

const inputArguments = ["-ignore_editlist", "1"];

/** Runs work on a copy without a segment index: where one ends, the packaged build of 2018 skips a packet. */
const withoutSegmentIndex = async <Value>(
  path: string,
  work: (copy: string) => Promise<Value>,
): Promise<Value> => {
  const bytes = await readFile(path);
  const at = bytes.indexOf("sidx");
  if (at >= 0) bytes.write("free", at, "latin1");
  const folder = await mkdtemp(join(tmpdir(), "reelway-track-"));
  try {
    const copy = join(folder, "track.mp4");
    await writeFile(copy, bytes);
    return await work(copy);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Decodes the frames of a file with one fragmented video track. */
export const readTrackFrames = async (
  programs: MediaPrograms,
  path: string,
  timeline: TrackTimeline,
  grid?: LumaOptions["grid"],
): Promise<readonly LumaFrame[]> => {
  const start = await readStartSeconds(path, timeline);
  const options = { inputArguments, isAbsolute: true, ...(grid === undefined ? {} : { grid }) };
  const frames = await withoutSegmentIndex(path, (copy) => readLumaFrames(programs, copy, options));
  const first = frames[0]?.seconds ?? 0;
  return frames.map((frame) => ({ ...frame, seconds: frame.seconds - first + start }));
};

/** Decodes a file with one fragmented audio track, with the samples that the encoder puts before the first one. */
export const decodeTrackAudio = async (
  programs: MediaPrograms,
  path: string,
  timeline: TrackTimeline,
): Promise<DecodedAudio> => {
  const start = await readStartSeconds(path, timeline);
  const options = { inputArguments, isAbsolute: true };
  const audio = await withoutSegmentIndex(path, (copy) => decodeAudio(programs, copy, options));
  const shift = Math.round((start - audio.startSeconds) * audio.sampleRate);
  return {
    sampleRate: audio.sampleRate,
    startSeconds: start,
    endSeconds: audio.endSeconds - audio.startSeconds + start,
    channels: audio.channels.map((channel) => {
      if (shift < 0) return channel.subarray(-shift);
      const shifted = new Float32Array(channel.length + shift);
      shifted.set(channel, shift);
      return shifted;
    }),
  };
};
