import { constantRateArguments, imageArguments, stripMetadataArguments } from "../../encoding/encode.ts";
import {
  buildFileInputArguments,
  buildInputArguments,
  computeMaxSourceSeconds,
} from "../../encoding/input-arguments.ts";
import { computeOriginShift } from "../../encoding/origin-shift.ts";
import type { FfmpegStep, PlanContext } from "../../encoding/plan.ts";
import { computeRunLimits } from "../../encoding/run-limits.ts";
import type { Seek } from "../../encoding/seek.ts";
import { containerDemuxers, watermarkDemuxers } from "../../media/demuxers.ts";
import type { Probe } from "../../media/probe.ts";
import { buildFilterGraph, listWatermarkUrls, type Pass } from "./filter-graph.ts";
import type { OutputPlan } from "./output-plan.ts";
import type { TranscodeClip } from "./transcode-recipe.ts";

/** Maximum outputs per process: each encoder holds frames in memory. */
export const maxOutputsPerProcess = 8;

const isSameClip = (a: TranscodeClip | undefined, b: TranscodeClip | undefined): boolean =>
  a?.startSeconds === b?.startSeconds && a?.durationSeconds === b?.durationSeconds;

/** True if an output takes two passes. They are not shared with other outputs. */
export const isTwoPass = ({ output, video }: OutputPlan): boolean =>
  video !== undefined && (output.preset.Video?.Codec === "vp9" || output.preset.Video?.Codec === "gif");

/** True if an output has interlaced video, whose frames need the muxer's own times: each is made of two. */
const isInterlaced = ({ video }: OutputPlan): boolean =>
  video !== undefined && video.chain.fieldOrder !== "progressive";

/** Groups outputs of the same clip so that one process decodes the source for each group. */
export const groupOutputs = (plans: readonly OutputPlan[]): readonly (readonly OutputPlan[])[] => {
  const groups: OutputPlan[][] = [];
  for (const plan of plans) {
    const group = groups.find(
      ([first, ...rest]) =>
        first !== undefined &&
        rest.length + 1 < maxOutputsPerProcess &&
        !isTwoPass(first) &&
        !isTwoPass(plan) &&
        isSameClip(first.output.clip, plan.output.clip),
    );
    if (group === undefined) groups.push([plan]);
    else group.push(plan);
  }
  return groups;
};

/** Arguments of one output: maps, encoders, duration and muxer. */
const buildOutputArguments = (
  plan: OutputPlan,
  pass: Pass,
  maxSeconds: number,
  context: PlanContext,
): readonly string[] => {
  const { video, audio, thumbnails, index } = plan;
  const durationArguments = [
    "-t",
    String(Math.min(maxSeconds, plan.output.clip?.durationSeconds ?? maxSeconds)),
  ];
  const threadArguments = ["-threads", String(context.threads)];
  if (pass === "palette")
    return [
      "-map",
      `[v${index}]`,
      "-frames:v",
      "1",
      "-f",
      "image2",
      "-update",
      "1",
      getPalettePath(plan, context),
    ];
  const passlogArguments = ["-passlogfile", `${context.scratchDirectory}/pass-${index}`];
  const passArguments =
    plan.output.preset.Video?.Codec !== "vp9"
      ? []
      : ["-pass", pass === "first" ? "1" : "2", ...passlogArguments];
  if (pass === "first")
    return [
      "-map",
      `[v${index}]`,
      ...(video?.encoderArguments ?? []),
      ...passArguments,
      ...stripMetadataArguments,
      ...threadArguments,
      ...durationArguments,
      "-f",
      "null",
      "-",
    ];
  return [
    ...(video === undefined ? [] : ["-map", `[v${index}]`, ...video.encoderArguments]),
    ...(audio === undefined ? [] : [...audio.mapArguments, ...audio.encoderArguments]),
    ...(video === undefined || pass === "single" ? [] : passArguments),
    ...stripMetadataArguments,
    ...threadArguments,
    // The muxer queues audio until the first video packets arrive, and a video encoder with lookahead is late.
    "-max_muxing_queue_size",
    "9999",
    ...durationArguments,
    ...plan.muxerArguments,
    ...(thumbnails === undefined
      ? []
      : [
          "-map",
          `[t${index}]`,
          ...imageArguments[thumbnails.extension],
          ...durationArguments,
          "-f",
          "image2",
          "-start_number",
          "1",
          thumbnails.path,
        ]),
  ];
};

const getPalettePath = ({ index }: OutputPlan, context: PlanContext): string =>
  `${context.scratchDirectory}/palette-${index}.png`;

/** The tracks of the source that a run reads. */
const listReadTracks = (plans: readonly OutputPlan[], pass: Pass, { video }: Probe) => [
  ...(plans.some((plan) => plan.video !== undefined || plan.thumbnails !== undefined) ? [video] : []),
  ...(pass === "first" || pass === "palette" ? [] : plans.flatMap(({ audio }) => audio?.tracks ?? [])),
];

/** Builds one run of ffmpeg that reads the source once for all outputs of a group. */
export const buildProcessStep = (
  plans: readonly OutputPlan[],
  pass: Pass,
  context: PlanContext,
  seek: Seek,
  weight: number,
): FfmpegStep => {
  const { probe, url } = context.source;
  const [first] = plans;
  const maxSeconds = computeRunLimits(
    probe,
    context.limits,
    computeMaxSourceSeconds(context.limits),
  ).maxMediaSeconds;
  const clip = first?.output.clip;
  const filterGraph = buildFilterGraph(
    plans,
    probe.video,
    seek.videoFilters,
    pass,
    Math.min(maxSeconds, clip?.durationSeconds ?? maxSeconds),
  );
  const hasPalette = pass === "second" && first?.output.preset.Video?.Codec === "gif";
  return {
    kind: "ffmpeg",
    phase: pass === "first" || pass === "palette" ? "analyzing" : "transcoding",
    weight,
    hasDurationLimit: true,
    // Up to the start of a clip, video frames can be dropped for a long time. Audio is written immediately.
    ...(clip === undefined && plans.every(({ video }) => video === undefined)
      ? { hasSteadyOutput: true }
      : {}),
    ...(first?.seconds === undefined ? {} : { seconds: Math.max(...plans.map((plan) => plan.seconds ?? 0)) }),
    arguments: [
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        seek,
        originShiftSeconds: computeOriginShift(context, listReadTracks(plans, pass, probe)),
      }),
      "-i",
      url,
      ...listWatermarkUrls(plans).flatMap((imageUrl) => [
        ...buildFileInputArguments(watermarkDemuxers),
        "-i",
        imageUrl,
      ]),
      ...(hasPalette && first !== undefined
        ? [...buildFileInputArguments(["image2", "png_pipe"]), "-i", getPalettePath(first, context)]
        : []),
      ...(filterGraph === undefined ? [] : ["-filter_complex", filterGraph]),
      ...(plans.some(isInterlaced) ? [] : constantRateArguments),
      ...plans.flatMap((plan) => buildOutputArguments(plan, pass, maxSeconds, context)),
    ],
  };
};
