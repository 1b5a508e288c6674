import type { MediaFacts } from "../inputs/media-input.ts";
import { findBeepSeconds } from "../measure/beeps.ts";
import type { DecodedAudio } from "../measure/decoded-audio.ts";
import { findFlashSeconds, readClockSeconds } from "../measure/flashes.ts";
import type { LumaFrame } from "../measure/luma-frames.ts";
import { type Check, checkRange, checkTimes, findFile, type RecipeOutputs } from "./check.ts";
import type { Timeline } from "./decoded-media.ts";
import type { SourceWindow } from "./recipe-run.ts";

/** The tracks of an output as one player sees them. */
export interface PlayedOutput {
  /** Added to the names of properties. */
  readonly label: string;
  readonly timeline: Timeline;
  /** Of single times. */
  readonly toleranceSeconds: number;
  readonly video: (outputs: RecipeOutputs) => string;
  readonly audio: (outputs: RecipeOutputs) => string;
}

/** An output with both tracks in one file, or in the segments of a media playlist. */
export const singleFile = (ending: string): PlayedOutput => {
  const findPath = (outputs: RecipeOutputs) => findFile(outputs, ending).path;
  return {
    label: "",
    timeline: ending === ".m3u8" ? "segments" : "file",
    toleranceSeconds: 0.021,
    video: findPath,
    audio: findPath,
  };
};

const readFrames =
  (played: PlayedOutput) =>
  (outputs: RecipeOutputs): Promise<readonly LumaFrame[]> =>
    outputs.media.frames(played.video(outputs), played.timeline);
const readAudio =
  (played: PlayedOutput) =>
  (outputs: RecipeOutputs): Promise<DecodedAudio> =>
    outputs.media.audio(played.audio(outputs), played.timeline);

/** Flashes or beeps that a part of the source holds, counted from its start. */
const shiftTimes = (times: readonly number[], window?: SourceWindow): readonly number[] =>
  window === undefined
    ? times
    : times
        .filter((time) => time >= window.startSeconds && time < window.startSeconds + window.durationSeconds)
        .map((time) => time - window.startSeconds);

/** End of the last frame: it is as long as the one before it. */
const readVideoEnd = (frames: readonly LumaFrame[]): number => {
  const [last, beforeLast] = [frames.at(-1), frames.at(-2)];
  if (last === undefined) return 0;
  return last.seconds + (beforeLast === undefined ? 0 : last.seconds - beforeLast.seconds);
};

/** A video whose frames are far apart ends when its container says, not one distance after its last frame. */
const hasSteadyFrames = ({ frames }: MediaFacts): boolean => frames !== undefined;

const listSyncTimes = (facts: MediaFacts, window?: SourceWindow): readonly number[] => {
  const beeps = shiftTimes(facts.beepSeconds ?? [], window);
  return shiftTimes(facts.flashSeconds ?? [], window).filter((time) => beeps.includes(time));
};

/** Largest distance between a flash and the beep next to it, of those that have both. */
const measureSync = async (outputs: RecipeOutputs, played: PlayedOutput, count: number): Promise<number> => {
  const flashes = findFlashSeconds(await readFrames(played)(outputs));
  const beeps = findBeepSeconds(await readAudio(played)(outputs));
  const distances = flashes
    .map((flash) => Math.min(...beeps.map((beep) => Math.abs(beep - flash))))
    .sort((a, b) => a - b);
  return distances[count - 1] ?? Infinity;
};

/** How far the time in the frames is ahead of their timestamps: the mean of a second, as encoders round luma. */
const measureClockOffset = (frames: readonly LumaFrame[]): number => {
  const first = frames.filter(({ seconds }) => seconds < 1);
  return first.reduce((sum, frame) => sum + readClockSeconds(frame) - frame.seconds, 0) / first.length;
};

/** Flashes, beeps and lengths of an output with a whole source or a part of it. */
export const buildTimingChecks = (
  facts: MediaFacts,
  played: PlayedOutput,
  window?: SourceWindow,
): readonly Check[] => {
  const { label, toleranceSeconds } = played;
  const endOf = (seconds: number) => window?.durationSeconds ?? seconds;
  const checks: Check[] = [];
  if (facts.flashSeconds !== undefined)
    checks.push(
      checkTimes(`flash${label}`, shiftTimes(facts.flashSeconds, window), toleranceSeconds, async (outputs) =>
        findFlashSeconds(await readFrames(played)(outputs)),
      ),
    );
  if (facts.beepSeconds !== undefined)
    checks.push(
      checkTimes(`beep${label}`, shiftTimes(facts.beepSeconds, window), toleranceSeconds, async (outputs) =>
        findBeepSeconds(await readAudio(played)(outputs)),
      ),
    );
  const syncTimes = listSyncTimes(facts, window);
  if (syncTimes.length > 0)
    checks.push(
      checkRange(`flash to beep${label}`, [-Infinity, 0.02], "s", (outputs) =>
        measureSync(outputs, played, syncTimes.length),
      ),
    );
  if (facts.videoSeconds !== undefined && hasSteadyFrames(facts))
    checks.push(
      checkTimes(
        `end of video${label}`,
        [endOf(facts.videoSeconds)],
        0.04 + toleranceSeconds,
        async (outputs) => [readVideoEnd(await readFrames(played)(outputs))],
      ),
    );
  if (facts.audioSeconds !== undefined)
    checks.push(
      checkTimes(
        `end of audio${label}`,
        [endOf(facts.audioSeconds)],
        0.04 + toleranceSeconds,
        async (outputs) => [(await readAudio(played)(outputs)).endSeconds],
      ),
    );
  if (facts.frames !== undefined && window === undefined && label === "")
    checks.push(
      checkRange("frames", facts.frames, "", async (outputs) => (await readFrames(played)(outputs)).length),
    );
  if (facts.clockFromSeconds !== undefined && window !== undefined)
    checks.push(
      checkTimes("time in frames", [window.startSeconds], 0.1, async (outputs) => [
        measureClockOffset(await readFrames(played)(outputs)),
      ]),
    );
  return checks;
};
