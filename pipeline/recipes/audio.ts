import { buildAacArguments, stripMetadataArguments } from "../encoding/encode.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getAudioSeconds } from "../media/duration.ts";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { AudioOptions } from "./recipe.ts";

const loudnessValue = z.coerce.number().check(z.refine(Number.isFinite));
/** JSON of `loudnorm=print_format=json` after its first pass. */
const loudnessSchema = z.object({
  input_i: loudnessValue,
  input_tp: loudnessValue,
  input_lra: loudnessValue,
  input_thresh: loudnessValue,
  target_offset: loudnessValue,
});

/** Parses the measurement in ffmpeg's log; undefined for silence, whose loudness is minus infinity. */
export const parseLoudness = (log: string): z.infer<typeof loudnessSchema> | undefined => {
  // The last match, because a metadata tag of the source, logged earlier, may look the same.
  const json = [...log.matchAll(/\{[^{}]*"input_i"[^{}]*\}/g)].at(-1)?.[0];
  return json === undefined ? undefined : loudnessSchema.safeParse(parseJson(json)).data;
};

/** Plans the audio as AAC in M4A: measures the loudness, then normalizes it to the target (EBU R 128). */
export function* planAudio(options: AudioOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const seconds = getAudioSeconds(probe);
  const loudnormFilter = `loudnorm=I=${options.loudnessLufs}:TP=-1.5:LRA=11`;
  const input = [
    ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
      durationSeconds: computeMaxSourceSeconds(context.limits),
    }),
    "-i",
    url,
    "-map",
    `0:${probe.audio?.index ?? "a:0"}`,
    "-vn",
    "-threads",
    String(context.threads),
  ];
  const { log } = yield {
    kind: "ffmpeg",
    phase: "measuring loudness",
    weight: 1,
    hasSteadyOutput: true,
    seconds,
    arguments: [...input, "-af", `${loudnormFilter}:print_format=json`, "-f", "null", "-"],
  };
  const measurement = parseLoudness(log);
  const filter =
    measurement === undefined
      ? "anull"
      : `${loudnormFilter}:measured_I=${measurement.input_i}:measured_TP=${measurement.input_tp}:measured_LRA=${measurement.input_lra}:measured_thresh=${measurement.input_thresh}:offset=${measurement.target_offset}:linear=true`;
  const path = `${context.scratchDirectory}/audio.m4a`;
  yield {
    kind: "ffmpeg",
    phase: "encoding",
    weight: 2,
    hasSteadyOutput: true,
    seconds,
    arguments: [
      ...input,
      "-af",
      filter,
      ...buildAacArguments(options.bitRateKbps),
      ...stripMetadataArguments,
      "-movflags",
      "+faststart",
      "-f",
      "ipod",
      path,
    ],
  };
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
