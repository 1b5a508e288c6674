import { buildAudioGraph, buildLoudnessMeter } from "../encoding/audio-filters.ts";
import {
  buildFileInputArguments,
  buildInputArguments,
  computeMaxSourceSeconds,
} from "../encoding/input-arguments.ts";
import { countSummaries, type Loudness, parseLoudness } from "../encoding/loudness.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
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

/**
 * Builds the arguments of meters in one filter graph. From ffmpeg 7 on, each graph has a thread, and the summaries of two
 * threads are mixed in the log.
 *
 * @param graphs one for each meter, labeled with its name
 */
const buildMeterArguments = (graphs: readonly string[], context: PlanContext): readonly string[] => [
  ...["-filter_complex", graphs.join(";")],
  ...graphs.flatMap((_, index) => ["-map", `[${getMeter(index)}]`, ...nullOutputArguments(context)]),
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

/** Builds the run that measures audio as stereo and reads the source once. */
const buildSourceStep = (sources: readonly AudioTrackGroup[], context: PlanContext): FfmpegStep => {
  const { source, limits } = context;
  return buildStep("measuring loudness", getLongestSeconds(sources, context), [
    ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(limits),
      originShiftSeconds: computeOriginShift(context, sources.flat()),
    }),
    "-i",
    source.url,
    ...buildMeterArguments(
      sources.map((audio, index) => buildAudioGraph(audio, { meter: getMeter(index) }, getMeter(index))),
      context,
    ),
  ]);
};

/**
 * Measures audio as stereo in one run; silence for audio without a measurement. If the parameters of one track change,
 * ffmpeg builds the graph of all again and their meters start anew: then each is measured in a run of its own.
 */
export function* measureSources(
  sources: readonly AudioTrackGroup[],
  context: PlanContext,
): Generator<Step, readonly Loudness[], StepResult> {
  const { log } = yield buildSourceStep(sources, context);
  const loudness = sources.map(
    (_, index) => parseLoudness(log, getMeter(index)) ?? { truePeakDbtp: -Infinity },
  );
  if (sources.length === 1 || sources.every((_, index) => countSummaries(log, getMeter(index)) <= 1))
    return loudness;
  const results: Loudness[] = [];
  for (const source of sources) results.push(...(yield* measureSources([source], context)));
  return results;
}

/** Measures encoded files in one run; undefined for a file without a measurement. */
export function* measureFiles(
  paths: readonly string[],
  seconds: number | undefined,
  context: PlanContext,
): Generator<Step, readonly (Loudness | undefined)[], StepResult> {
  const { log } = yield buildStep("checking loudness", seconds, [
    ...paths.flatMap((path) => [...buildFileInputArguments(outputDemuxers), "-i", path]),
    ...buildMeterArguments(
      paths.map((_, index) => `[${index}:a:0]${buildLoudnessMeter(getMeter(index))}[${getMeter(index)}]`),
      context,
    ),
  ]);
  return paths.map((_, index) => parseLoudness(log, getMeter(index)));
}
