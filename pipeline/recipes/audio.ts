import { buildAudioMapArguments, loudnessMeter } from "../encoding/audio-filters.ts";
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
import { requireAudio, requireOutputKey } from "./preconditions.ts";
import type { AudioOptions } from "./recipe.ts";

/** Demuxers of the recipe's own output. */
const outputDemuxers = ["mov"];

/**
 * Plans the audio as AAC in M4A with a loudness (EBU R 128): measures it after the downmix, encodes, and measures the
 * result, because a limiter and the codec change loudness and peaks. Encodes again if the result is wrong.
 */
export function* planAudio(options: AudioOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const source = requireAudio(probe, "audio");
  const seconds = getAudioSeconds(probe);
  const path = `${context.scratchDirectory}/audio.m4a`;
  const input = [
    ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(context.limits),
    }),
    "-i",
    url,
  ];
  const threads = ["-threads", String(context.threads)];
  const buildStep = (phase: string, weight: number, stepArguments: readonly string[]): FfmpegStep => ({
    kind: "ffmpeg",
    phase,
    weight,
    hasSteadyOutput: true,
    seconds,
    arguments: stepArguments,
  });
  yield* findLevel(
    options.loudnessLufs,
    buildStep("measuring loudness", 1, [
      ...input,
      ...buildAudioMapArguments(source, { level: { gainDb: 0 }, isMeasured: true }),
      ...[...threads, "-f", "null", "-"],
    ]),
    function* (level) {
      yield buildStep("encoding", 2, [
        ...input,
        ...buildAudioMapArguments(source, { level }),
        ...buildAacArguments(options.bitRateKbps),
        ...stripMetadataArguments,
        ...threads,
        ...["-movflags", "+faststart", "-f", "ipod", path],
      ]);
      const { log } = yield buildStep("checking loudness", 1, [
        ...buildFileInputArguments(outputDemuxers),
        ...["-i", path, "-map", "0:a:0", "-filter:a", loudnessMeter, ...threads, "-f", "null", "-"],
      ]);
      return parseLoudness(log);
    },
  );
  return [
    {
      path,
      key: requireOutputKey(context.outputKeys, "audio"),
      contentType: "audio/mp4",
      isManifest: false,
      expectation: { durationSeconds: seconds, video: "none", audio: { codec: "aac" } },
    },
  ];
}
