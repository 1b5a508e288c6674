import type { AudioLevel } from "../encoding/audio-filters.ts";
import { buildAacTrackArguments, stripMetadataArguments } from "../encoding/encode.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import { findLevels } from "../encoding/loudness.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import type { FfmpegStep, Plan, PlanContext } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getAudioSeconds } from "../media/duration.ts";
import { measureFiles, measureSources } from "./loudness-step.ts";
import { requireAudio, requireOutputKey } from "./preconditions.ts";
import type { AudioOptions } from "./recipe.ts";

/** Builds the run that encodes the audio at a level, or at the source's. */
const buildEncodingStep = (
  { bitRateKbps }: AudioOptions,
  context: PlanContext,
  path: string,
  level?: AudioLevel,
): FfmpegStep => {
  const { limits, threads } = context;
  const { probe, url } = context.source;
  const group = requireAudio(probe, "audio");
  return {
    kind: "ffmpeg",
    phase: "encoding",
    weight: 2,
    hasSteadyOutput: true,
    seconds: getAudioSeconds(probe),
    arguments: [
      ...buildInputArguments(containerDemuxers, limits.maxVideoPixels, {
        durationSeconds: computeMaxSourceSeconds(limits),
        originShiftSeconds: computeOriginShift(context, group),
      }),
      ...["-i", url],
      ...buildAacTrackArguments(group, bitRateKbps, level === undefined ? {} : { level }),
      ...stripMetadataArguments,
      ...["-vn", "-threads", String(threads), "-movflags", "+faststart", "-f", "ipod", path],
    ],
  };
};

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
    yield* findLevels(options.loudnessLufs, yield* measureSources([group], context), function* ([tried]) {
      yield buildEncodingStep(options, context, path, tried?.level);
      return yield* measureFiles([path], getAudioSeconds(probe), context);
    });
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
