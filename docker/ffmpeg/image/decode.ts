import sharp, { type Sharp, type SharpOptions } from "sharp";
import type { ImageConversion } from "../../../pipeline/encoding/image-request.ts";
import type { TiffYcbcr } from "../../../pipeline/media/tiff-ycbcr.ts";
import { convertCmykToRgb } from "./cmyk.ts";
import { failOnDamage, type OpenImage } from "./open-image.ts";
import { convertYcbcrToRgb } from "./ycbcr.ts";

/** Starts a pipeline for one output, from decoded pixels or from the image itself. @param failOn for `failOnDamage` */
export type PipelineFactory = (failOn: SharpOptions["failOn"]) => Sharp;
type Size = Pick<ImageConversion, "width" | "height">;

const openPixels = (data: Uint8Array, size: Size, channels: number): Sharp => {
  if (channels !== 1 && channels !== 2 && channels !== 3 && channels !== 4)
    throw new Error(`The decoded image has ${channels} channels.`);
  return sharp(data, { limitInputPixels: false, raw: { ...size, channels } });
};

const scale = (image: Sharp, { width, height }: Size): Sharp =>
  image.autoOrient().resize({ width, height, fit: "fill" });

/** Decodes to pixels of 8 bits in sRGB. */
const decodePixels = ({ open }: OpenImage, size: Size, options: SharpOptions = {}) =>
  failOnDamage((failOn) =>
    scale(open({ failOn, ...options }), size)
      .toColourspace("srgb")
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );

/** Decodes to sRGB, once for all outputs. */
const decodeSrgb = async (image: OpenImage, size: Size): Promise<PipelineFactory> => {
  const { data, info } = await decodePixels(image, size);
  return () => openPixels(data, size, info.channels);
};

/** libvips would convert inks without a profile by a printing profile of its own. */
const decodeUntaggedCmyk = async ({ open }: OpenImage, size: Size): Promise<PipelineFactory> => {
  const { data, info } = await failOnDamage((failOn) =>
    scale(open({ failOn }).pipelineColourspace("cmyk"), size)
      .toColourspace("cmyk")
      .raw()
      .toBuffer({ resolveWithObject: true }),
  );
  const rgb = convertCmykToRgb(data, info.channels);
  return () => openPixels(rgb, size, info.channels > 4 ? 4 : 3);
};

/** An ICC profile describes the RGB after the conversion, which is rare enough to ignore it. */
const decodeYcbcr = async (image: OpenImage, ycbcr: TiffYcbcr, size: Size): Promise<PipelineFactory> => {
  const { data, info } = await decodePixels(image, size, { ignoreIcc: true });
  convertYcbcrToRgb(data, info.channels, ycbcr);
  return () => openPixels(data, size, info.channels);
};

/** True for RGB with an ICC profile, whose pixels need no conversion for any output format. */
const canKeepProfile = ({ metadata: { icc, space } }: OpenImage): boolean =>
  icc !== undefined && (space === "srgb" || space === "rgb" || space === "rgb16");

/**
 * Decodes an image, upright and scaled.
 *
 * @returns pipelines with the first frame, in sRGB or with the image's profile
 * @throws errors of sharp, also for damage
 */
export const decodeImage = async (
  image: OpenImage,
  { colorProfile, width, height }: ImageConversion,
): Promise<PipelineFactory> => {
  const size = { width, height };
  if (image.ycbcr !== undefined) return decodeYcbcr(image, image.ycbcr, size);
  if (image.metadata.space === "cmyk" && image.metadata.icc === undefined)
    return decodeUntaggedCmyk(image, size);
  if (colorProfile === "keep" && canKeepProfile(image))
    return (failOn) => scale(image.open({ failOn }), size).keepIccProfile();
  return decodeSrgb(image, size);
};

/** Decodes all frames of an animation, scaled. Frames are decoded one by one when the output is encoded. */
export const openAnimation = (
  image: OpenImage,
  { colorProfile, width, height }: ImageConversion,
): PipelineFactory => {
  const shouldKeepProfile = colorProfile === "keep" && canKeepProfile(image);
  return (failOn) => {
    const frames = image.open({ animated: true, failOn }).resize({ width, height, fit: "fill" });
    return shouldKeepProfile ? frames.keepIccProfile() : frames;
  };
};
