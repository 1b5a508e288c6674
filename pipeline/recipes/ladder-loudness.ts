import type { AudioLevel } from "../encoding/audio-filters.ts";
import { findLevel, parseLoudness } from "../encoding/loudness.ts";
import type { PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { isMediaFailure } from "../errors/job-error.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import { buildLoudnessStep } from "./loudness-step.ts";
import type { LadderOptions } from "./recipe.ts";

const defaultLoudnessLufs = -16;

/** Finds the level of one rendition; measures the result only if a limiter is necessary. */
const findRenditionLevel = (
  { tracks }: AudioRendition,
  targetLufs: number,
  context: PlanContext,
): Generator<Step, AudioLevel, StepResult> =>
  findLevel(targetLufs, buildLoudnessStep(tracks, { gainDb: 0 }, context), function* (level) {
    if (level.ceilingDbtp === undefined) return undefined;
    const { log } = yield buildLoudnessStep(tracks, level, context);
    return parseLoudness(log);
  });

/**
 * Finds the level of each audio rendition by its source's index; none if the option is off. A track that cannot be
 * measured keeps its level.
 */
export function* planLadderLevels(
  renditions: readonly AudioRendition[],
  { normalizeLoudness = false, loudnessLufs = defaultLoudnessLufs }: LadderOptions,
  context: PlanContext,
): Generator<Step, ReadonlyMap<number, AudioLevel>, StepResult> {
  const levels = new Map<number, AudioLevel>();
  if (!normalizeLoudness) return levels;
  for (const rendition of renditions) {
    try {
      levels.set(rendition.tracks[0].index, yield* findRenditionLevel(rendition, loudnessLufs, context));
    } catch (cause) {
      if (rendition.isDefault || !isMediaFailure(cause)) throw cause;
      yield {
        kind: "warn",
        text: `The loudness of audio track "${rendition.name}" is not normalized, because it could not be measured: ${cause.message}`,
      };
    }
  }
  return levels;
}
