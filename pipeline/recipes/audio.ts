import { type AudioLevel, buildAudioMapArguments, loudnessMeter } from "../encoding/audio-filters.ts";
import { buildAacArguments, stripMetadataArguments } from "../encoding/encode.ts";
import {
  buildFileInputArguments,
  buildInputArguments,
  computeMaxSourceSeconds,
} from "../encoding/input-arguments.ts";
import { findLevel, parseLoudness } from "../encoding/loudness.ts";
import type { FfmpegStep, Plan, PlanContext } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getAudioSeconds } from "../media/duration.ts";
import { buildLoudnessStep } from "./loudness-step.ts";
import { requireAudio, requireOutputKey } from "./preconditions.ts";
import type { AudioOptions } from "./recipe.ts";

/** Demuxers of the recipe's own output. */
const outputDemuxers = ["mov"];

/** Builds the run that encodes the audio at a level, or at the source's. */
const buildEncodingStep = (
  { bitRateKbps }: AudioOptions,
  { source: { probe, url }, limits, threads }: PlanContext,
  path: string,
  level?: AudioLevel,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "encoding",
  weight: 2,
  hasSteadyOutput: true,
  seconds: getAudioSeconds(probe),
  arguments: [
    ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(limits),
    }),
    ...["-i", url],
    ...buildAudioMapArguments(requireAudio(probe, "audio"), level === undefined ? {} : { level }),
    ...buildAacArguments(bitRateKbps),
    ...stripMetadataArguments,
    ...["-vn", "-threads", String(threads), "-movflags", "+faststart", "-f", "ipod", path],
  ],
});

/** Builds the run that measures the encoded audio. */
const buildCheckingStep = ({ source: { probe }, threads }: PlanContext, path: string): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "checking loudness",
  weight: 1,
  hasSteadyOutput: true,
  seconds: getAudioSeconds(probe),
  arguments: [
    ...buildFileInputArguments(outputDemuxers),
    ...["-i", path, "-map", "0:a:0", "-filter:a", loudnessMeter],
    ...["-threads", String(threads), "-f", "null", "-"],
  ],
});

/**
 * Plans the audio as AAC in M4A with a loudness (EBU R 128): measures it after the downmix, encodes, and measures the
 * result, because a limiter and the codec change loudness and peaks. Encodes again if the result is wrong.
 */
export function* planAudio(options: AudioOptions, context: PlanContext): Plan {
  const { probe } = context.source;
  const group = requireAudio(probe, "audio");
  const path = `${context.scratchDirectory}/audio.m4a`;
  if (options.normalizeLoudness === false) yield buildEncodingStep(options, context, path);
  else
    yield* findLevel(
      options.loudnessLufs,
      buildLoudnessStep(group, { gainDb: 0 }, context),
      function* (level) {
        yield buildEncodingStep(options, context, path, level);
        const { log } = yield buildCheckingStep(context, path);
        return parseLoudness(log);
      },
    );
  return [
    {
      path,
      key: requireOutputKey(context.outputKeys, "audio"),
      contentType: "audio/mp4",
      isManifest: false,
      expectation: { durationSeconds: getAudioSeconds(probe), video: "none", audio: { codec: "aac" } },
    },
  ];
}
