import { deinterlaceFilters, type Size, turnFilters } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import { steadyFilters } from "../media/steady-rate.ts";
import { exactRate, fieldRate, outputRate } from "./frame-rate.ts";
import type { VideoParameters } from "./preset.ts";
import { sizePicture, sizingFilters } from "./sizing.ts";

const bound = (text: string | undefined): number | undefined =>
  text === undefined || text === "auto" ? undefined : Number(text);

/** The old form: `Resolution` as WIDTHxHEIGHT. */
const oldBounds = (video: VideoParameters): readonly (number | undefined)[] => {
  const match = /^(\d+)x(\d+)$/.exec(video.Resolution ?? "");
  return match === null ? [undefined, undefined] : [Number(match[1]), Number(match[2])];
};

/** How far a picture that ffmpeg has turned upright must be turned further, degrees clockwise. */
const furtherTurn = (rotate: string, source: VideoProbe): VideoProbe["rotation"] => {
  const degrees = rotate === "auto" ? 0 : (Number(rotate) - source.rotation + 360) % 360;
  return degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0;
};

/** The preset asks for two fields a frame. */
export const isInterlaced = (video: VideoParameters): boolean =>
  ["TopFirst", "BottomFirst"].includes(video.CodecOptions?.InterlacedMode ?? "");

/** The filters between a source and a preset's encoder, and the size they make. */
export const pictureChain = (
  video: VideoParameters,
  source: VideoProbe,
  rotate: string,
): { readonly filters: readonly string[]; readonly size: Size } => {
  const turn = furtherTurn(rotate, source);
  const upright: Size =
    turn % 180 === 0
      ? { width: source.width, height: source.height }
      : { width: source.height, height: source.width };
  const [oldWidth, oldHeight] = oldBounds(video);
  const sizing = sizePicture({
    source: upright,
    maxWidth: bound(video.MaxWidth) ?? oldWidth,
    maxHeight: bound(video.MaxHeight) ?? oldHeight,
    sizingPolicy: video.SizingPolicy ?? "ShrinkToFit",
    paddingPolicy: video.PaddingPolicy ?? "NoPad",
  });
  const rate = outputRate(video.FrameRate, video.MaxFrameRate, source.frameRate);
  const interlaced = isInterlaced(video);
  const display = /^(\d+):(\d+)$/.exec(video.DisplayAspectRatio ?? "");
  return {
    size: sizing.result,
    filters: [
      ...deinterlaceFilters(source),
      ...turnFilters(turn),
      ...sizingFilters(sizing),
      ...(display === null ? [] : [`setdar=${display[1]}/${display[2]}`]),
      ...(interlaced
        ? [
            `fps=${fieldRate(rate ?? exactRate(String(source.frameRate ?? 25)))}`,
            "tinterlace=interleave_top:flags=vlpf",
            "setfield=tff",
          ]
        : rate === undefined
          ? steadyFilters(source)
          : [`fps=${rate}`]),
    ],
  };
};
