import { cleanArguments } from "../../encoding/encode.ts";
import { inputArguments, longestSeconds, madeInputArguments } from "../../encoding/input-arguments.ts";
import type { FfmpegStep, PlanContext } from "../../encoding/plan.ts";
import { runBounds } from "../../encoding/run-bounds.ts";
import { containerDemuxers, imageDemuxers } from "../../media/demuxers.ts";
import { graphOf, type Pass, pictureInputs } from "./graph.ts";
import type { OutputPlan } from "./output-plan.ts";
import type { TranscodeClip } from "./transcode-recipe.ts";

/** Outputs that one process may make: each holds its own encoder's frames in memory. */
export const mostTogether = 8;

const sameClip = (a: TranscodeClip | undefined, b: TranscodeClip | undefined): boolean =>
  a?.start === b?.start && a?.duration === b?.duration;

/** An output that takes two runs, which no other shares. */
export const isAlone = ({ output, picture }: OutputPlan): boolean =>
  picture !== undefined && (output.preset.Video?.Codec === "vp9" || output.preset.Video?.Codec === "gif");

/** Outputs that one process decodes the source for: of the same clip, and not too many. */
export const groupOutputs = (plans: readonly OutputPlan[]): readonly (readonly OutputPlan[])[] => {
  const groups: OutputPlan[][] = [];
  for (const plan of plans) {
    const open = groups.find(
      ([first, ...rest]) =>
        first !== undefined &&
        rest.length + 1 < mostTogether &&
        !isAlone(first) &&
        !isAlone(plan) &&
        sameClip(first.output.clip, plan.output.clip),
    );
    if (open === undefined) groups.push([plan]);
    else open.push(plan);
  }
  return groups;
};

/** One output's part of the command: what is mapped, how it is encoded, for how long, into what. */
const outputArguments = (
  plan: OutputPlan,
  pass: Pass,
  seconds: number,
  context: PlanContext,
): readonly string[] => {
  const { picture, sound, thumbnails, index } = plan;
  const bound = ["-t", String(Math.min(seconds, plan.output.clip?.duration ?? seconds))];
  const threads = ["-threads", String(context.threads)];
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
      palettePath(plan, context),
    ];
  const passes = ["-passlogfile", `${context.scratch}/pass-${index}`];
  const numbered =
    plan.output.preset.Video?.Codec !== "vp9" ? [] : ["-pass", pass === "first" ? "1" : "2", ...passes];
  if (pass === "first")
    return [
      "-map",
      `[v${index}]`,
      ...(picture?.codec ?? []),
      ...numbered,
      ...cleanArguments,
      ...threads,
      ...bound,
      "-f",
      "null",
      "-",
    ];
  return [
    ...(picture === undefined ? [] : ["-map", `[v${index}]`, ...picture.codec]),
    ...(sound === undefined ? [] : [...sound.maps, ...sound.codec]),
    ...(picture === undefined || pass === "whole" ? [] : numbered),
    ...cleanArguments,
    ...threads,
    // Sound waits for the first packets of a picture whose encoder looks ahead.
    "-max_muxing_queue_size",
    "9999",
    ...bound,
    ...plan.container,
    ...(thumbnails === undefined
      ? []
      : [
          "-map",
          `[t${index}]`,
          ...(thumbnails.extension === "jpg" ? ["-c:v", "mjpeg", "-q:v", "3"] : ["-c:v", "png"]),
          ...bound,
          "-f",
          "image2",
          "-start_number",
          "1",
          thumbnails.path,
        ]),
  ];
};

const palettePath = ({ index }: OutputPlan, context: PlanContext): string =>
  `${context.scratch}/palette-${index}.png`;

/** One run of ffmpeg that reads the source once for all of its outputs. */
export const processStep = (
  plans: readonly OutputPlan[],
  pass: Pass,
  context: PlanContext,
  weight: number,
): FfmpegStep => {
  const { probe, url } = context.source;
  const [first] = plans;
  const seconds = runBounds(probe, context.limits, longestSeconds(context.limits)).mediaSeconds;
  const clip = first?.output.clip;
  const graph = graphOf(plans, probe.video, pass, Math.min(seconds, clip?.duration ?? seconds));
  const gif = pass === "second" && first?.output.preset.Video?.Codec === "gif";
  return {
    kind: "ffmpeg",
    stage: pass === "first" || pass === "palette" ? "analysing" : "transcoding",
    weight,
    bounded: true,
    // A picture's frames may be dropped for long, up to where a clip begins, while sound is written at once.
    ...(clip === undefined && plans.every(({ picture }) => picture === undefined) ? { steady: true } : {}),
    ...(first?.seconds === undefined ? {} : { seconds: Math.max(...plans.map((plan) => plan.seconds ?? 0)) }),
    arguments: [
      ...inputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        ...(clip === undefined ? {} : { seekSeconds: clip.start }),
      }),
      "-i",
      url,
      ...pictureInputs(plans).flatMap((picture) => [
        ...inputArguments(imageDemuxers, context.limits.maxImagePixels),
        "-noautorotate",
        "-i",
        picture,
      ]),
      ...(gif && first !== undefined
        ? [...madeInputArguments(["image2", "png_pipe"]), "-i", palettePath(first, context)]
        : []),
      ...(graph === undefined ? [] : ["-filter_complex", graph]),
      ...plans.flatMap((plan) => outputArguments(plan, pass, seconds, context)),
    ],
  };
};
