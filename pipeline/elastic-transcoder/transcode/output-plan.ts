import { everySecondsFilters, mediaSeconds } from "../../encoding/encode.ts";
import type { Expectation, PlanContext, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import type { Size } from "../../media/geometry.ts";
import type { Probe } from "../../media/probe.ts";
import type { Preset } from "../presets/preset.ts";
import { audioCodec, audioEncoder, type SoundArguments, soundArguments } from "./audio-arguments.ts";
import { rateControl } from "./bit-rate.ts";
import { colorTags } from "./color.ts";
import { containerOf } from "./container.ts";
import { isSegmented, thumbnailExtension } from "./output-keys.ts";
import { type PictureChain, pictureChain, thumbnailChain } from "./picture-chain.ts";
import type { TranscodeClip, TranscodeOutput } from "./transcode-recipe.ts";
import { videoArguments, videoCodecs, videoEncoders } from "./video-arguments.ts";
import { type Overlay, overlaysOf } from "./watermarks.ts";

export interface PicturePlan {
  readonly chain: PictureChain;
  readonly overlays: readonly Overlay[];
  /** The encoder's arguments. */
  readonly codec: readonly string[];
}
export interface ThumbnailPlan {
  readonly filters: readonly string[];
  readonly size: Size;
  /** With `%05d`. */
  readonly path: string;
  readonly extension: "jpg" | "png";
}

/** All that one output takes, whichever process makes it. */
export interface OutputPlan {
  readonly output: TranscodeOutput;
  /** Position in the recipe: names its files and its links in a graph. */
  readonly index: number;
  readonly picture?: PicturePlan;
  readonly sound?: SoundArguments;
  readonly thumbnails?: ThumbnailPlan;
  /** The muxer's arguments, the path last. */
  readonly container: readonly string[];
  /** The file; of an output in segments its media playlist. */
  readonly path: string;
  readonly contentType: string;
  /** Seconds that it will last; undefined where the source does not say. */
  readonly seconds?: number;
  readonly expect: Required<Pick<Expectation, "video" | "audio">>;
}

const requireEncoder = (preset: Preset, codec: string, encoder: string, context: PlanContext): void => {
  if (!context.capabilities.encoders.has(encoder))
    throw new JobFailure(
      4006,
      `Preset ${preset.Id} (${preset.Name}) needs ${codec}, and this build of ffmpeg (${context.capabilities.version}) has no encoder ${encoder}. Run the job where ffmpeg has it.`,
    );
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

function* picturePlan(
  output: TranscodeOutput,
  context: PlanContext,
): Generator<Step, PicturePlan | undefined, StepResult> {
  const { preset } = output;
  const { probe } = context.source;
  if (preset.Video === undefined || probe.video === undefined) return undefined;
  const encoder = videoEncoders[preset.Video.Codec];
  if (encoder === undefined)
    throw new JobFailure(
      4006,
      `Preset ${preset.Id} names video codec ${preset.Video.Codec}, which is unknown.`,
    );
  requireEncoder(preset, preset.Video.Codec, encoder, context);
  const chain = pictureChain(preset, preset.Video, probe.video, {
    rotate: output.rotate,
    segmented: output.segmentSeconds !== undefined,
  });
  const { LoopCount } = preset.Video.CodecOptions ?? {};
  return {
    chain,
    overlays: yield* overlaysOf(output, chain, context),
    codec: [
      ...videoArguments(
        preset,
        preset.Video,
        rateControl(preset.Video, probe),
        chain.scanning,
        output.segmentSeconds,
      ),
      ...colorTags(chain.conversion),
      ...(preset.Video.Codec === "gif"
        ? ["-loop", LoopCount === undefined || LoopCount === "Infinite" ? "0" : LoopCount]
        : []),
    ],
  };
}

const thumbnailPlan = (
  output: TranscodeOutput,
  index: number,
  context: PlanContext,
): ThumbnailPlan | undefined => {
  const { Thumbnails } = output.preset;
  const { video } = context.source.probe;
  if (output.thumbnailPattern === undefined || Thumbnails === undefined || video === undefined)
    return undefined;
  const extension = thumbnailExtension(output);
  const { filters, size } = thumbnailChain(Thumbnails, video, output.rotate);
  return {
    size,
    extension,
    path: `${context.scratch}/thumbnail-${index}-%05d.${extension}`,
    filters: [
      ...everySecondsFilters(Number(Thumbnails.Interval)),
      ...filters,
      extension === "jpg" ? "format=yuvj420p" : "format=rgb24",
    ],
  };
};

/** Seconds of a source, or of a clip of it. @throws JobFailure 4014 where the clip begins behind its end */
export const clippedSeconds = (
  total: number | undefined,
  clip: TranscodeClip | undefined,
): number | undefined => {
  if (total === undefined || clip === undefined) return total;
  if (clip.start >= total)
    throw new JobFailure(
      4014,
      `The clip begins at ${clip.start} s, but the source is ${total.toFixed(3)} s long. Give an earlier StartTime.`,
    );
  return Math.min(total - clip.start, clip.duration ?? total);
};

/**
 * Plans one output of a job.
 *
 * @throws JobFailure 4003, 4006, 4008 or 4014 where it cannot be made of this source
 */
export function* planOutput(
  output: TranscodeOutput,
  index: number,
  context: PlanContext,
): Generator<Step, OutputPlan, StepResult> {
  const { preset, segmentSeconds } = output;
  const { probe } = context.source;
  const container = containerOf(preset, segmentSeconds);
  if (container === undefined)
    throw new JobFailure(4006, `Preset ${preset.Id} names container ${preset.Container}, which is unknown.`);
  checkStreams(preset, probe, container.soundAlone);
  const picture = yield* picturePlan(output, context);
  const heard = preset.Audio !== undefined && preset.Audio.Channels !== "0" ? preset.Audio : undefined;
  if (heard !== undefined && probe.audio !== undefined)
    requireEncoder(preset, heard.Codec, audioEncoder(heard), context);
  const sound =
    heard === undefined || probe.audio === undefined
      ? undefined
      : soundArguments(preset, heard, probe.audio, `a${index}_`);
  if (picture === undefined && sound === undefined)
    throw new JobFailure(4008, `Nothing of the source fits preset ${preset.Id} (${preset.Name}).`);
  const total = mediaSeconds({
    ...probe,
    ...(picture === undefined ? { video: undefined } : {}),
    ...(sound === undefined ? { audio: undefined } : {}),
  });
  const seconds = clippedSeconds(total, output.clip);
  const name = `${context.scratch}/output-${index}`;
  const path = isSegmented(output) ? `${name}.m3u8` : `${name}.${container.extension}`;
  const segments = ["-f", "hls", "-hls_time", String(segmentSeconds), "-hls_list_size", "0"];
  return {
    output,
    index,
    picture,
    sound,
    thumbnails: picture === undefined ? undefined : thumbnailPlan(output, index, context),
    path,
    container: isSegmented(output)
      ? [...segments, "-hls_playlist_type", "vod", "-hls_segment_filename", `${name}-%05d.ts`, path]
      : [...container.arguments, path],
    contentType:
      picture === undefined && container.contentType === "video/mp4" ? "audio/mp4" : container.contentType,
    ...(seconds === undefined ? {} : { seconds }),
    expect: {
      video:
        picture === undefined
          ? "none"
          : { codec: videoCodecs[preset.Video?.Codec ?? ""], ...picture.chain.size },
      audio: sound === undefined || heard === undefined ? "none" : { codec: audioCodec(heard) },
    },
  };
}
