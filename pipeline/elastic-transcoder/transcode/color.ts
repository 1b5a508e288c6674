import {
  type FrameColor,
  gifFrames,
  resolveVideoColor,
  type VideoColor,
} from "../../encoding/output-color.ts";
import { hasKnownMatrix, resolveSourceColor, type SourceColor } from "../../media/color.ts";
import type { Size } from "../../media/geometry.ts";
import type { VideoProbe } from "../../media/probe.ts";
import type { VideoParameters } from "../presets/preset.ts";

/** Source and target color matrix. */
export interface ColorConversion {
  readonly from: VideoColor["matrix"];
  readonly to: VideoColor["matrix"];
}

const toHd: ColorConversion = { from: "bt601", to: "bt709" };
const toSd: ColorConversion = { from: "bt709", to: "bt601" };
const isHd = ({ width, height }: Size): boolean => width === 1920 && height === 1080;
const isSd = ({ width, height }: Size): boolean => width === 720 && (height === 480 || height === 576);
const automaticRates = new Set(["23.97", "24", "25", "29.97", "50", "60"]);

/**
 * Resolves `ColorSpaceConversionMode`. `Auto` converts interlaced output of certain frame rates, if it is not
 * segmented, between 720×480 or 720×576 and 1920×1080 (API reference, VideoParameters, CodecOptions).
 */
export const resolveColorConversion = (
  video: VideoParameters,
  context: {
    readonly source: Size;
    readonly result: Size;
    readonly isInterlaced: boolean;
    readonly isSegmented: boolean;
  },
): ColorConversion | undefined => {
  switch (video.CodecOptions?.ColorSpaceConversionMode?.toLowerCase()) {
    case "bt709tobt601":
      return toSd;
    case "bt601tobt709":
      return toHd;
    case "auto":
      if (!context.isInterlaced || context.isSegmented || !automaticRates.has(video.FrameRate ?? ""))
        return undefined;
      if (isSd(context.source) && isHd(context.result)) return toHd;
      return isHd(context.source) && isSd(context.result) ? toSd : undefined;
    default:
      return undefined;
  }
};

/** Color of one output, from its source to its encoder. */
export interface OutputColor {
  readonly source: SourceColor;
  readonly frames: FrameColor;
  /** Absent for GIF, which stores RGB. */
  readonly video?: VideoColor;
}

/**
 * Resolves the color of an output. A conversion names the output's matrix, and the source's where the source has no
 * tags. VP8 has only BT.601 (RFC 6386, 9.2).
 */
export const resolveOutputColor = (
  { Codec, CodecOptions }: VideoParameters,
  video: VideoProbe,
  conversion: ColorConversion | undefined,
): OutputColor => {
  const resolved = resolveSourceColor(video);
  const source =
    conversion === undefined || hasKnownMatrix(video) ? resolved : { ...resolved, matrix: conversion.from };
  if (Codec === "gif") return { source, frames: gifFrames };
  const color = resolveVideoColor(source, Codec === "vp8" ? "bt601" : conversion?.to);
  const pixelFormat = CodecOptions?.ChromaSubsampling === "yuv422p" ? "yuv422p" : "yuv420p";
  return { source, video: color, frames: { pixelFormat, matrix: color.matrix } };
};
