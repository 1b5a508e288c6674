import { aacArguments, cleanArguments, soleKey, soundSeconds } from "../encoding/encode.ts";
import { inputArguments, longestSeconds } from "../encoding/input-arguments.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import * as z from "../schema/z.ts";
import type { AudioOptions } from "./recipe.ts";

const level = z.coerce.number().check(z.refine(Number.isFinite));
/** What `loudnorm=print_format=json` prints at the end of its first pass. */
const measurement = z.object({
  input_i: level,
  input_tp: level,
  input_lra: level,
  input_thresh: level,
  target_offset: level,
});

/** The measurement in ffmpeg's log; undefined for silence, whose loudness is minus infinity. */
export const readLoudness = (log: string): z.infer<typeof measurement> | undefined => {
  // The last one: a tag of the source, printed before, may look like it.
  const json = [...log.matchAll(/\{[^{}]*"input_i"[^{}]*\}/g)].at(-1)?.[0];
  if (json === undefined) return undefined;
  try {
    return measurement.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
};

/** The sound as AAC in M4A, its loudness measured first and then moved to the target (EBU R 128). */
export function* audio(options: AudioOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const seconds = soundSeconds(probe);
  const target = `loudnorm=I=${options.loudness}:TP=-1.5:LRA=11`;
  const input = [
    ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, {
      durationSeconds: longestSeconds(context.limits),
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
    stage: "measuring loudness",
    weight: 1,
    steady: true,
    seconds,
    arguments: [...input, "-af", `${target}:print_format=json`, "-f", "null", "-"],
  };
  const found = readLoudness(log);
  const filter =
    found === undefined
      ? "anull"
      : `${target}:measured_I=${found.input_i}:measured_TP=${found.input_tp}:measured_LRA=${found.input_lra}:measured_thresh=${found.input_thresh}:offset=${found.target_offset}:linear=true`;
  const path = `${context.scratch}/audio.m4a`;
  yield {
    kind: "ffmpeg",
    stage: "encoding",
    weight: 2,
    steady: true,
    seconds,
    arguments: [
      ...input,
      "-af",
      filter,
      ...aacArguments(options.bitRateKbps),
      ...cleanArguments,
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
      key: soleKey(context.outputKeys, "audio"),
      contentType: "audio/mp4",
      manifest: false,
      expect: { durationSeconds: seconds, video: "none", audio: { codec: "aac" } },
    },
  ];
}
