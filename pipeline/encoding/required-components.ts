import { containerDemuxers, watermarkDemuxers } from "../media/demuxers.ts";
import type { ComponentList } from "./parse-capabilities.ts";

/** Names of ffmpeg's components, by list. */
export type ComponentNames = Readonly<Record<ComponentList, readonly string[]>>;

const listNames = (text: string): readonly string[] => text.split(/\s+/);

/** Filters that convert HDR and BT.2020 to SDR. */
export const hdrFilters: readonly string[] = ["zscale", "tonemap"];

/**
 * What recipes and the watcher need of an ffmpeg build. docker/ffmpeg/Dockerfile builds ffmpeg with these encoders, muxers
 * and filters, those for presets (`presetComponents`) and for HDR (`hdrFilters`), and no others.
 */
export const recipeComponents: ComponentNames = {
  encoders: listNames("aac libx264 mjpeg pcm_s16le png rawvideo webvtt wrapped_avframe"),
  muxers: listNames("image2 ipod mov mp4 null rawvideo webvtt"),
  filters: listNames(
    `aformat alimiter amerge amultiply anullsrc apad aresample aselect asetpts ashowinfo asplit atrim
    colorchannelmixer concat dcshift ebur128 format fps hflip join metadata overlay pad pan scale select setparams
    setpts setsar settb showinfo split tile transpose trim vflip volume yadif`,
  ),
  demuxers: [...containerDemuxers, ...watermarkDemuxers],
};

/** What presets of the transcoder API need in addition. */
export const presetComponents: ComponentNames = {
  encoders: listNames(
    "flac gif libmp3lame libvorbis libvpx libvpx-vp9 mp2 mpeg2video pcm_s24le pcm_s32le pcm_u8",
  ),
  muxers: listNames("flac flv gif hls mp3 mpegts mxf ogg vob wav webm"),
  filters: listNames("palettegen paletteuse setdar setfield tinterlace"),
  demuxers: ["image2"],
};
