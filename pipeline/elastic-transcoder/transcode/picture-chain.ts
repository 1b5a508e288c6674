import { fieldRate, nearestRate, outputRate } from "../../encoding/frame-rate.ts";
import { pictureSize, type SizeParameters } from "../../encoding/picture-size.ts";
import { type Sizing, sizingFilters } from "../../encoding/sizing.ts";
import { type Size, turnFilters } from "../../media/geometry.ts";
import type { VideoProbe } from "../../media/probe.ts";
import { steadyFilters } from "../../media/steady-rate.ts";
import type { Preset, VideoParameters } from "../presets/preset.ts";
import { type ColorConversion, colorConversion, matrixOptions } from "./color.ts";
import { codecRates } from "./rates.ts";
import { fieldFilters, type Scanning, scanningOf } from "./scanning.ts";
import type { Box } from "./watermark-place.ts";

/** How far a picture that ffmpeg has turned upright must be turned further, degrees clockwise. */
const furtherTurn = (rotate: string, source: VideoProbe): VideoProbe["rotation"] => {
  const degrees = rotate === "auto" ? 0 : (Number(rotate) - source.rotation + 360) % 360;
  return degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0;
};

/** A source as an output turns it. */
const turned = (
  source: VideoProbe,
  rotate: string,
): { readonly filters: readonly string[]; readonly size: Size } => {
  const turn = furtherTurn(rotate, source);
  const { width, height } = source;
  return {
    filters: turnFilters(turn),
    size: turn % 180 === 0 ? { width, height } : { width: height, height: width },
  };
};

const contentOf = ({ scale, crop, result }: Sizing): Box => {
  const { width, height } = crop ?? scale;
  return {
    width,
    height,
    x: Math.floor((result.width - width) / 2),
    y: Math.floor((result.height - height) / 2),
  };
};

export interface PictureChain {
  /** From the source's progressive frames to the frame in its final size. */
  readonly sized: readonly string[];
  /** From there to the encoder: what comes after the watermarks. */
  readonly timed: readonly string[];
  readonly size: Size;
  /** Where the picture lies between its black bars. */
  readonly content: Box;
  readonly scanning: Scanning;
  readonly conversion?: ColorConversion;
}

/**
 * The filters between a source and a preset's encoder, and the size they make.
 *
 * @throws JobFailure 4008 where preset and codec contradict each other
 */
export const pictureChain = (
  preset: Preset,
  video: VideoParameters,
  source: VideoProbe,
  { rotate, segmented }: { readonly rotate: string; readonly segmented: boolean },
): PictureChain => {
  const scanning = scanningOf(preset, video);
  const interlaced = scanning !== "progressive";
  const upright = turned(source, rotate);
  const { sizing, display } = pictureSize(video, upright.size, interlaced ? 4 : 2);
  const { result } = sizing;
  const conversion = colorConversion(video, { source: upright.size, result, interlaced, segmented });
  const shape = /^(\d+):(\d+)$/.exec(video.DisplayAspectRatio ?? "");
  const dar = shape === null ? display : `${shape[1]}/${shape[2]}`;
  const allowed = codecRates(preset, video);
  const wanted = outputRate(video.FrameRate, video.MaxFrameRate, source.frameRate);
  const rate =
    allowed === undefined ? wanted : nearestRate(allowed, wanted ?? String(source.frameRate ?? 25));
  return {
    size: result,
    content: contentOf(sizing),
    scanning,
    conversion,
    sized: [...upright.filters, ...sizingFilters(sizing, matrixOptions(conversion))],
    timed: [
      ...(dar === undefined ? [] : [`setdar=${dar}`]),
      ...(interlaced
        ? fieldFilters(scanning, fieldRate(rate ?? String(source.frameRate ?? 25)))
        : rate === undefined
          ? steadyFilters(source)
          : [`fps=${rate}`]),
    ],
  };
};

/** The filters between a source and its thumbnails: turned as the output is, without bars and watermarks of it. */
export const thumbnailChain = (
  given: SizeParameters,
  source: VideoProbe,
  rotate: string,
): { readonly filters: readonly string[]; readonly size: Size } => {
  const upright = turned(source, rotate);
  const { sizing } = pictureSize(given, upright.size);
  return { filters: [...upright.filters, ...sizingFilters(sizing)], size: sizing.result };
};
