import { buildColorScaleFilters, type ColorCapabilities } from "../../encoding/color-filters.ts";
import { buildRotationFilters } from "../../encoding/frame-filters.ts";
import {
  computeFieldRate,
  findNearestFrameRate,
  parseFrameRate,
  resolveOutputFrameRate,
} from "../../encoding/frame-rate.ts";
import { buildColorTagFilters, type FrameColor } from "../../encoding/output-color.ts";
import { buildSizingFilters, type Sizing } from "../../encoding/sizing.ts";
import {
  buildTimingFilters,
  defaultMaxFrameRate,
  getOutputFrameRate,
} from "../../encoding/timing-filters.ts";
import { computeVideoSize, type SizeParameters } from "../../encoding/video-size.ts";
import { resolveSourceColor } from "../../media/color.ts";
import { formatFrameRate, getFrameRate } from "../../media/frame-rate.ts";
import type { Size } from "../../media/geometry.ts";
import type { VideoProbe } from "../../media/probe.ts";
import type { Preset, VideoParameters } from "../presets/preset.ts";
import { type OutputColor, resolveColorConversion, resolveOutputColor } from "./color.ts";
import { buildInterlaceFilters, type FieldOrder, resolveFieldOrder } from "./field-order.ts";
import { getCodecFrameRates } from "./rates.ts";
import type { Rectangle } from "./watermark-position.ts";

/** Degrees clockwise by which a video must be rotated after ffmpeg's automatic rotation. */
const computeRotation = (rotate: string, source: VideoProbe): VideoProbe["rotation"] => {
  const degrees = rotate === "auto" ? 0 : (Number(rotate) - source.rotation + 360) % 360;
  return degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0;
};

/** Rotation filters of an output, and the size after rotation. */
const rotateSource = (
  source: VideoProbe,
  rotate: string,
): { readonly filters: readonly string[]; readonly size: Size } => {
  const rotation = computeRotation(rotate, source);
  const { width, height } = source;
  return {
    filters: buildRotationFilters(rotation),
    size: rotation % 180 === 0 ? { width, height } : { width: height, height: width },
  };
};

const computeContentRectangle = ({ scale, crop, result }: Sizing): Rectangle => {
  const { width, height } = crop ?? scale;
  return {
    width,
    height,
    x: Math.floor((result.width - width) / 2),
    y: Math.floor((result.height - height) / 2),
  };
};

export interface VideoFilterChain {
  /** From the source's progressive frames to frames in their final size; of a clip, also to its frame rate. */
  readonly sizeFilters: readonly string[];
  /** After the watermarks, before the encoder. */
  readonly rateFilters: readonly string[];
  readonly size: Size;
  /** Frames, or fields of interlaced video, per second. */
  readonly outputRate: number;
  /** Position of the video inside its black bars. */
  readonly content: Rectangle;
  readonly fieldOrder: FieldOrder;
  readonly color: OutputColor;
}

/**
 * Builds the filters between a source and a preset's encoder, with the resulting size.
 *
 * @throws JobFailure 4008 if the codec does not support the preset's settings
 */
export const buildVideoFilterChain = (
  preset: Preset,
  video: VideoParameters,
  source: VideoProbe,
  {
    rotate,
    isSegmented,
    seekSeconds = 0,
  }: { readonly rotate: string; readonly isSegmented: boolean; readonly seekSeconds?: number },
  capabilities: ColorCapabilities,
): VideoFilterChain => {
  const fieldOrder = resolveFieldOrder(preset, video);
  const isInterlaced = fieldOrder !== "progressive";
  const rotatedSource = rotateSource(source, rotate);
  const { sizing, displayAspectRatio } = computeVideoSize(video, rotatedSource.size, isInterlaced ? 4 : 2);
  const { result } = sizing;
  const conversion = resolveColorConversion(video, {
    source: rotatedSource.size,
    result,
    isInterlaced,
    isSegmented,
  });
  const color = resolveOutputColor(video, source, conversion);
  const aspectRatio = /^(\d+):(\d+)$/.exec(video.DisplayAspectRatio ?? "");
  const dar = aspectRatio === null ? displayAspectRatio : `${aspectRatio[1]}/${aspectRatio[2]}`;
  const allowedRates = getCodecFrameRates(preset, video);
  const sourceRate = getFrameRate(source);
  const requestedRate = resolveOutputFrameRate(video.FrameRate, video.MaxFrameRate, sourceRate);
  const rate =
    allowedRates === undefined
      ? requestedRate
      : findNearestFrameRate(allowedRates, requestedRate ?? String(sourceRate));
  const frameRate =
    rate ??
    formatFrameRate(
      getOutputFrameRate(source, isInterlaced ? Number.POSITIVE_INFINITY : defaultMaxFrameRate),
    );
  const outputRate = parseFrameRate(isInterlaced ? computeFieldRate(frameRate) : frameRate);
  const timingFilters = buildTimingFilters(source, { frameRate: outputRate, seekSeconds });
  // Before a clip, this drops the frames before its start, which are then not scaled.
  const isTimingFirst = seekSeconds > 0 && outputRate <= sourceRate * 1.001;
  return {
    size: result,
    content: computeContentRectangle(sizing),
    fieldOrder,
    color,
    sizeFilters: [
      ...(isTimingFirst ? timingFilters : []),
      ...rotatedSource.filters,
      ...buildSizingFilters(sizing, (size) =>
        buildColorScaleFilters(size, color.source, color.frames, capabilities),
      ),
      ...(color.video === undefined ? [] : buildColorTagFilters(color.video)),
    ],
    rateFilters: [
      ...(dar === undefined ? [] : [`setdar=${dar}`]),
      ...(isTimingFirst ? [] : timingFilters),
      ...buildInterlaceFilters(fieldOrder),
    ],
    outputRate,
  };
};

/** Builds the filters for thumbnails: with the output's rotation, without its bars and watermarks. */
export const buildThumbnailFilterChain = (
  parameters: SizeParameters,
  source: VideoProbe,
  rotate: string,
  frames: FrameColor,
  capabilities: ColorCapabilities,
): { readonly filters: readonly string[]; readonly size: Size } => {
  const rotatedSource = rotateSource(source, rotate);
  const { sizing } = computeVideoSize(parameters, rotatedSource.size);
  const buildScaleFilters = (size: Size) =>
    buildColorScaleFilters(size, resolveSourceColor(source), frames, capabilities);
  return {
    filters: [...rotatedSource.filters, ...buildSizingFilters(sizing, buildScaleFilters)],
    size: sizing.result,
  };
};
