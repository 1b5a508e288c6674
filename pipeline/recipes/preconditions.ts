import { JobFailure } from "../errors/job-error.ts";
import { type AudioTrackGroup, selectMainAudio } from "../media/audio-tracks.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";

/** Returns the source's video stream. @throws JobFailure 4000 if it has none */
export const requireVideo = (probe: Probe, recipe: string): VideoProbe => {
  if (probe.video === undefined)
    throw new JobFailure(4000, `The source has no video, which recipe ${recipe} requires.`);
  return probe.video;
};

/** Returns the source's main audio. @throws JobFailure 4000 if it has none */
export const requireAudio = (probe: Probe, recipe: string): AudioTrackGroup => {
  const group = selectMainAudio(probe);
  if (group === undefined)
    throw new JobFailure(4000, `The source has no audio, which recipe ${recipe} requires.`);
  return group;
};

/** Returns the output key of a recipe with one output. @throws JobFailure 1000 if it has none */
export const requireOutputKey = (keys: readonly string[], recipe: string): string => {
  const key = keys[0];
  if (key === undefined)
    throw new JobFailure(1000, `Recipe ${recipe} has no output key. Add one to the route's outputs.`);
  return key;
};
