import { JobFailure } from "../job/error.ts";
import { demuxersFor } from "../media/demuxers.ts";
import { inputArguments } from "../media/input-arguments.ts";
import type { Probe } from "../media/probe.ts";
import { cleanArguments, mediaSeconds } from "../recipes/encode.ts";
import type { FfmpegStep, Plan, PlanContext, PlannedOutput } from "../recipes/plan.ts";
import type { TranscodeOutput, TranscodeRecipe } from "../recipes/recipe.ts";
import { audioArguments, audioCodec, audioEncoder } from "./audio-arguments.ts";
import { containerOf } from "./container.ts";
import { isInterlaced, pictureChain } from "./picture-chain.ts";
import type { Preset } from "./preset.ts";
import { videoArguments, videoCodecs, videoEncoders } from "./video-arguments.ts";

const requireEncoder = (preset: Preset, codec: string, encoder: string, context: PlanContext): void => {
  if (!context.capabilities.encoders.has(encoder))
    throw new JobFailure(
      4006,
      `Preset ${preset.Id} (${preset.Name}) needs ${codec}, and this build of ffmpeg (${context.capabilities.version}) has no encoder ${encoder}. Run the job where ffmpeg has it.`,
    );
};

const gifGraph = (index: number, filters: readonly string[]): string =>
  `[0:${index}]${filters.join(",")},split[full][sample];[sample]palettegen[palette];[full][palette]paletteuse[v]`;

const videoStreams = (output: TranscodeOutput, context: PlanContext) => {
  const { preset } = output;
  const source = context.source.probe.video;
  if (preset.Video === undefined || source === undefined) return undefined;
  const encoder = videoEncoders[preset.Video.Codec];
  if (encoder === undefined)
    throw new JobFailure(
      4006,
      `Preset ${preset.Id} names video codec ${preset.Video.Codec}, which is unknown.`,
    );
  requireEncoder(preset, preset.Video.Codec, encoder, context);
  const { filters, size } = pictureChain(preset.Video, source, output.rotate);
  const gif = preset.Video.Codec === "gif";
  return {
    graph: gif ? gifGraph(source.index, filters) : `[0:${source.index}]${filters.join(",")}[v]`,
    codec: [
      ...videoArguments(preset, preset.Video, isInterlaced(preset.Video)),
      ...(gif
        ? [
            "-loop",
            preset.Video.CodecOptions?.LoopCount === "Infinite"
              ? "0"
              : (preset.Video.CodecOptions?.LoopCount ?? "0"),
          ]
        : []),
    ],
    expect: { codec: videoCodecs[preset.Video.Codec], ...size },
  };
};

const audioStreams = (output: TranscodeOutput, context: PlanContext) => {
  const { preset } = output;
  const source = context.source.probe.audio;
  if (preset.Audio === undefined || preset.Audio.Channels === "0" || source === undefined) return undefined;
  requireEncoder(preset, preset.Audio.Codec, audioEncoder(preset.Audio), context);
  const split = preset.Audio.AudioPackingMode === "OneChannelPerTrack";
  return {
    graph: split
      ? `[0:${source.index}]aformat=channel_layouts=stereo,channelsplit=channel_layout=stereo[left][right]`
      : undefined,
    map: split ? ["-map", "[left]", "-map", "[right]"] : ["-map", `0:${source.index}`],
    codec: audioArguments(preset.Audio, source),
    expect: { codec: audioCodec(preset.Audio) },
  };
};

/** What of preset and source do not fit together. */
const checkStreams = (preset: Preset, probe: Probe, soundAlone: boolean): void => {
  if (preset.Video === undefined && probe.audio === undefined)
    throw new JobFailure(
      4008,
      `Preset ${preset.Id} (${preset.Name}) makes sound alone, and the source has none.`,
    );
  if (preset.Video !== undefined && probe.video === undefined && !soundAlone)
    throw new JobFailure(
      4008,
      `Preset ${preset.Id} (${preset.Name}) makes a picture, and the source has none.`,
    );
};

function* transcodeOutput(
  output: TranscodeOutput,
  index: number,
  context: PlanContext,
): Generator<FfmpegStep, PlannedOutput, unknown> {
  const { preset } = output;
  const { probe, url } = context.source;
  const container = containerOf(preset);
  if (container === undefined)
    throw new JobFailure(4006, `Preset ${preset.Id} names container ${preset.Container}, which is unknown.`);
  checkStreams(preset, probe, container.soundAlone);
  const video = videoStreams(output, context);
  const audio = audioStreams(output, context);
  if (video === undefined && audio === undefined)
    throw new JobFailure(4008, `Nothing of the source fits preset ${preset.Id} (${preset.Name}).`);
  const graphs = [video?.graph, audio?.graph].filter((graph) => graph !== undefined);
  const seconds =
    video !== undefined && audio !== undefined
      ? mediaSeconds(probe)
      : mediaSeconds(video === undefined ? { ...probe, video: undefined } : { ...probe, audio: undefined });
  const path = `${context.scratch}/output-${index}.${container.extension}`;
  const twoPasses = preset.Video?.Codec === "vp9" && video !== undefined;
  const passes = twoPasses ? [1, 2] : [0];
  for (const pass of passes) {
    const last = pass !== 1;
    yield {
      kind: "ffmpeg",
      stage: pass === 1 ? "analysing" : "transcoding",
      weight: pass === 1 ? 0.5 : 1,
      seconds,
      arguments: [
        ...inputArguments(demuxersFor("transcode"), context.limits.maxVideoPixels),
        "-i",
        url,
        ...(graphs.length === 0 ? [] : ["-filter_complex", (last ? graphs : graphs.slice(0, 1)).join(";")]),
        ...(video === undefined ? [] : ["-map", "[v]", ...video.codec]),
        ...(audio === undefined || !last ? [] : [...audio.map, ...audio.codec]),
        ...(pass === 0 ? [] : ["-pass", String(pass), "-passlogfile", `${context.scratch}/pass-${index}`]),
        ...cleanArguments,
        "-threads",
        String(context.threads),
        ...(last ? [...container.arguments, path] : ["-f", "null", "-"]),
      ],
    };
  }
  return {
    path,
    key: output.key,
    contentType:
      video === undefined && container.contentType === "video/mp4" ? "audio/mp4" : container.contentType,
    manifest: false,
    expect: {
      durationSeconds: seconds,
      video: video === undefined ? "none" : video.expect,
      audio: audio === undefined ? "none" : audio.expect,
    },
  };
}

/** One process an output (two for VP9, whose one-pass rate control misses the target by a fifth). */
export function* transcode(recipe: TranscodeRecipe, context: PlanContext): Plan {
  const outputs: PlannedOutput[] = [];
  for (const [index, output] of recipe.outputs.entries())
    outputs.push(yield* transcodeOutput(output, index, context));
  return outputs;
}
