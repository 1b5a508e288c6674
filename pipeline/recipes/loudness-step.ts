import { buildAudioMapArguments, buildLoudnessMeter } from "../encoding/audio-filters.ts";
import {
  buildFileInputArguments,
  buildInputArguments,
  computeMaxSourceSeconds,
} from "../encoding/input-arguments.ts";
import { type Loudness, parseLoudness } from "../encoding/loudness.ts";
import type { FfmpegStep, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import type { AudioTrackGroup } from "../media/audio-tracks.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getAudioSeconds } from "../media/duration.ts";

/** Demuxers of encoded audio. */
const outputDemuxers = ["mov"];

const getMeter = (index: number): string => `audio${index}`;
const nullOutputArguments = ({ threads }: PlanContext): readonly string[] => [
  ...["-vn", "-threads", String(threads), "-f", "null", "-"],
];

/** Seconds of the longest of some audio; undefined if one is unknown. */
export const getLongestSeconds = (
  sources: readonly AudioTrackGroup[],
  { source: { probe } }: PlanContext,
): number | undefined => {
  const seconds = sources.map(([audio]) => getAudioSeconds({ ...probe, audio }));
  return seconds.includes(undefined) ? undefined : Math.max(...seconds.map((value) => value ?? 0));
};

/** Properties of the runs that measure. */
const buildStep = (phase: string, seconds: number | undefined, args: readonly string[]): FfmpegStep => ({
  kind: "ffmpeg",
  phase,
  weight: 1,
  hasSteadyOutput: true,
  ...(seconds === undefined ? {} : { seconds }),
  arguments: args,
});

/** Measures audio as stereo in one run that reads the source once; silence for audio without a measurement. */
export function* measureSources(
  sources: readonly AudioTrackGroup[],
  context: PlanContext,
): Generator<Step, readonly Loudness[], StepResult> {
  const { source, limits } = context;
  const { log } = yield buildStep("measuring loudness", getLongestSeconds(sources, context), [
    ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(limits),
    }),
    "-i",
    source.url,
    ...sources.flatMap((audio, index) => [
      ...buildAudioMapArguments(audio, { meter: getMeter(index) }, getMeter(index)),
      ...nullOutputArguments(context),
    ]),
  ]);
  return sources.map((_, index) => parseLoudness(log, getMeter(index)) ?? { truePeakDbtp: -Infinity });
}

/** Measures encoded files in one run; undefined for a file without a measurement. */
export function* measureFiles(
  paths: readonly string[],
  seconds: number | undefined,
  context: PlanContext,
): Generator<Step, readonly (Loudness | undefined)[], StepResult> {
  const { log } = yield buildStep("checking loudness", seconds, [
    ...paths.flatMap((path) => [...buildFileInputArguments(outputDemuxers), "-i", path]),
    ...paths.flatMap((_, index) => [
      ...["-map", `${index}:a:0`, "-filter:a", buildLoudnessMeter(getMeter(index))],
      ...nullOutputArguments(context),
    ]),
  ]);
  return paths.map((_, index) => parseLoudness(log, getMeter(index)));
}
