import { buildColorTagArguments, jpegFrames, pngFrames } from "../../encoding/output-color.ts";
import type { Expectation, PlanContext } from "../../encoding/plan.ts";
import { buildIntervalFilters, computeTimingShift } from "../../encoding/timing-filters.ts";
import { JobFailure } from "../../errors/job-error.ts";
import { selectMainAudio } from "../../media/audio-tracks.ts";
import { getMediaSeconds } from "../../media/duration.ts";
import type { Size } from "../../media/geometry.ts";
import type { Probe } from "../../media/probe.ts";
import type { Preset } from "../presets/preset.ts";
import {
  type AudioArguments,
  buildAudioArguments,
  getAudioCodec,
  getAudioEncoder,
} from "./audio-arguments.ts";
import { resolveRateControl } from "./bit-rate.ts";
import { resolveContainer } from "./container.ts";
import { getThumbnailExtension, isSegmented } from "./output-keys.ts";
import type { TranscodeClip, TranscodeOutput } from "./transcode-recipe.ts";
import { buildVideoArguments, videoCodecs, videoEncoders } from "./video-arguments.ts";
import {
  buildThumbnailFilterChain,
  buildVideoFilterChain,
  type VideoFilterChain,
} from "./video-filter-chain.ts";
import { type Overlay, planOverlays } from "./watermarks.ts";

export interface VideoPlan {
  readonly chain: VideoFilterChain;
  readonly overlays: readonly Overlay[];
  /** The encoder's arguments. */
  readonly encoderArguments: readonly string[];
}
export interface ThumbnailPlan {
  readonly filters: readonly string[];
  readonly size: Size;
  /** With `%05d`. */
  readonly path: string;
  readonly extension: "jpg" | "png";
}

/** Everything that is needed to encode one output, in whichever process. */
export interface OutputPlan {
  readonly output: TranscodeOutput;
  /** Position in the recipe. Part of its file names and graph link labels. */
  readonly index: number;
  readonly video?: VideoPlan;
  readonly audio?: AudioArguments;
  readonly thumbnails?: ThumbnailPlan;
  /** The muxer's arguments, the path last. */
  readonly muxerArguments: readonly string[];
  /** The file, or the media playlist if the output is segmented. */
  readonly path: string;
  readonly contentType: string;
  /** Expected duration in seconds; undefined if the source has none. */
  readonly seconds?: number;
  readonly expectation: Required<Pick<Expectation, "video" | "audio">>;
}

const requireEncoder = (preset: Preset, codec: string, encoder: string, context: PlanContext): void => {
  if (!context.capabilities.encoders.has(encoder))
    throw new JobFailure(
      4006,
      `Preset ${preset.Id} (${preset.Name}) requires ${codec}, but this build of ffmpeg (${context.capabilities.version}) has no encoder ${encoder}. Run the job with an ffmpeg that has it.`,
    );
};

/** Checks that the source has the streams that the preset needs. */
const checkStreams = (preset: Preset, probe: Probe, canHoldAudioOnly: boolean): void => {
  if (preset.Video === undefined && probe.audio === undefined)
    throw new JobFailure(
      4008,
      `Preset ${preset.Id} (${preset.Name}) has only audio, but the source has no audio stream.`,
    );
  if (preset.Video !== undefined && probe.video === undefined && !canHoldAudioOnly)
    throw new JobFailure(
      4008,
      `Preset ${preset.Id} (${preset.Name}) requires video, but the source has no video stream.`,
    );
};

const isSeeking = ({ clip }: TranscodeOutput): boolean => (clip?.startSeconds ?? 0) > 0;

const planVideo = (output: TranscodeOutput, context: PlanContext): VideoPlan | undefined => {
  const { preset } = output;
  const { probe } = context.source;
  if (preset.Video === undefined || probe.video === undefined) return undefined;
  const encoder = videoEncoders[preset.Video.Codec];
  if (encoder === undefined)
    throw new JobFailure(4006, `Preset ${preset.Id} has an unknown video codec, ${preset.Video.Codec}.`);
  requireEncoder(preset, preset.Video.Codec, encoder, context);
  const chain = buildVideoFilterChain(
    preset,
    preset.Video,
    probe.video,
    {
      rotate: output.rotate,
      isSegmented: output.segmentSeconds !== undefined,
      seekSeconds: output.clip?.startSeconds ?? 0,
    },
    context.capabilities,
  );
  const { LoopCount } = preset.Video.CodecOptions ?? {};
  return {
    chain,
    overlays: planOverlays(output, chain, context),
    encoderArguments: [
      ...buildVideoArguments(
        preset,
        preset.Video,
        resolveRateControl(preset.Video, probe),
        chain.fieldOrder,
        output.segmentSeconds,
      ),
      ...(chain.color.video === undefined ? [] : buildColorTagArguments(chain.color.video)),
      ...(preset.Video.Codec === "gif"
        ? ["-loop", LoopCount === undefined || LoopCount === "Infinite" ? "0" : LoopCount]
        : []),
    ],
  };
};

const planThumbnails = (
  output: TranscodeOutput,
  index: number,
  context: PlanContext,
): ThumbnailPlan | undefined => {
  const { Thumbnails } = output.preset;
  const { video } = context.source.probe;
  if (output.thumbnailPattern === undefined || Thumbnails === undefined || video === undefined)
    return undefined;
  const extension = getThumbnailExtension(output);
  const { filters, size } = buildThumbnailFilterChain(
    Thumbnails,
    video,
    output.rotate,
    extension === "jpg" ? jpegFrames : pngFrames,
    context.capabilities,
  );
  return {
    size,
    extension,
    path: `${context.scratchDirectory}/thumbnail-${index}-%05d.${extension}`,
    filters: [...buildIntervalFilters(video, Number(Thumbnails.Interval), isSeeking(output)), ...filters],
  };
};

/** Duration of a source or of a clip of it, in seconds. @throws JobFailure 4014 if the clip begins after the end */
export const computeClipSeconds = (
  sourceSeconds: number | undefined,
  clip: TranscodeClip | undefined,
): number | undefined => {
  if (sourceSeconds === undefined || clip === undefined) return sourceSeconds;
  if (clip.startSeconds >= sourceSeconds)
    throw new JobFailure(
      4014,
      `The clip begins at ${clip.startSeconds} s, but the source is ${sourceSeconds.toFixed(3)} s long. Specify an earlier StartTime.`,
    );
  return Math.min(sourceSeconds - clip.startSeconds, clip.durationSeconds ?? sourceSeconds);
};

/**
 * Plans one output of a job.
 *
 * @throws JobFailure 4003, 4006, 4008 or 4014 if it cannot be created from this source
 */
export const planOutput = (output: TranscodeOutput, index: number, context: PlanContext): OutputPlan => {
  const { preset, segmentSeconds } = output;
  const { probe } = context.source;
  const container = resolveContainer(preset, segmentSeconds);
  if (container === undefined)
    throw new JobFailure(4006, `Preset ${preset.Id} has an unknown container, ${preset.Container}.`);
  checkStreams(preset, probe, container.canHoldAudioOnly);
  const video = planVideo(output, context);
  const audioParameters =
    preset.Audio !== undefined && preset.Audio.Channels !== "0" ? preset.Audio : undefined;
  // The service makes two mono tracks stereo, whatever their container (API reference, AudioPackingMode).
  const audioGroup = selectMainAudio(probe, "any");
  if (audioParameters !== undefined && audioGroup !== undefined)
    requireEncoder(preset, audioParameters.Codec, getAudioEncoder(audioParameters), context);
  const seekSeconds = output.clip?.startSeconds ?? 0;
  const audio =
    audioParameters === undefined || audioGroup === undefined
      ? undefined
      : buildAudioArguments(preset, audioParameters, audioGroup, `a${index}_`, {
          seekSeconds,
          shiftSeconds: computeTimingShift(probe.video, { frameRate: video?.chain.outputRate, seekSeconds }),
        });
  if (video === undefined && audio === undefined)
    throw new JobFailure(4008, `The source has no stream that preset ${preset.Id} (${preset.Name}) uses.`);
  const sourceSeconds = getMediaSeconds({
    ...probe,
    ...(video === undefined ? { video: undefined } : {}),
    ...(audio === undefined ? { audio: undefined } : {}),
  });
  const seconds = computeClipSeconds(sourceSeconds, output.clip);
  const basePath = `${context.scratchDirectory}/output-${index}`;
  const path = isSegmented(output) ? `${basePath}.m3u8` : `${basePath}.${container.extension}`;
  const segmentArguments = ["-f", "hls", "-hls_time", String(segmentSeconds), "-hls_list_size", "0"];
  return {
    output,
    index,
    video,
    audio,
    thumbnails: video === undefined ? undefined : planThumbnails(output, index, context),
    path,
    muxerArguments: isSegmented(output)
      ? [
          ...segmentArguments,
          "-hls_playlist_type",
          "vod",
          "-hls_segment_filename",
          `${basePath}-%05d.ts`,
          path,
        ]
      : [...container.arguments, path],
    contentType:
      video === undefined && container.contentType === "video/mp4" ? "audio/mp4" : container.contentType,
    ...(seconds === undefined ? {} : { seconds }),
    expectation: {
      video:
        video === undefined ? "none" : { codec: videoCodecs[preset.Video?.Codec ?? ""], ...video.chain.size },
      audio:
        audio === undefined || audioParameters === undefined
          ? "none"
          : { codec: getAudioCodec(audioParameters) },
    },
  };
};
