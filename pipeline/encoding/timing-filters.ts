import { getFrameRate } from "../media/frame-rate.ts";
import type { VideoProbe } from "../media/probe.ts";

/** Maximum frame rate of an output, unless its recipe has another. */
export const defaultMaxFrameRate = 60;

/** The highest rate up to the maximum of which the source's rate is a multiple, e.g. 50 for 100. */
export const limitFrameRate = (rate: number, maxFrameRate: number): number =>
  rate <= maxFrameRate * 1.001 ? rate : rate / Math.ceil(rate / (maxFrameRate * 1.001));

/** Formats a rate for ffmpeg: rates of the NTSC family as exact fractions, e.g. `30000/1001`. */
export const formatRate = (rate: number): string => {
  const ntsc = Math.round(rate * 1.001);
  if (Math.abs(rate - Math.round(rate)) < 0.0005 * rate) {
    const isNtscCloser = Math.abs((ntsc * 1000) / 1001 - rate) < Math.abs(Math.round(rate) - rate);
    return isNtscCloser ? `${ntsc * 1000}/1001` : String(Math.round(rate));
  }
  return Math.abs((ntsc * 1000) / 1001 - rate) < 0.0005 * rate
    ? `${ntsc * 1000}/1001`
    : `${Math.round(rate * 1000)}/1000`;
};

/** Frames per second of an output without a rate of its own. */
const getOutputFrameRate = (video: VideoProbe, maxFrameRate = defaultMaxFrameRate): number =>
  limitFrameRate(getFrameRate(video), maxFrameRate);

/**
 * Builds the filters that give a video a constant frame rate from the source's origin. If the video starts late, its
 * first frame fills the gap: Media Source Extensions ignore the empty edit that would describe it.
 */
export const buildTimingFilters = (video: VideoProbe, maxFrameRate?: number): readonly string[] => [
  `fps=${formatRate(getOutputFrameRate(video, maxFrameRate))}:start_time=0`,
];

/**
 * Seconds by which a constant frame rate shifts a video: its first frame moves to the nearest multiple of the frame
 * duration. Audio is shifted by the same time.
 *
 * @param rate frames per second of the output
 * @param seekSeconds start of the output in the source
 */
export const computeTimingShift = (video: VideoProbe, rate: number, seekSeconds = 0): number => {
  const startSeconds = (video.startSeconds ?? 0) - seekSeconds;
  return Math.round(startSeconds * rate) / rate - startSeconds;
};

/** Options of `buildAudioFilters` that keep audio in sync with a video after `buildTimingFilters`. */
export const buildAudioTiming = (
  video: VideoProbe | undefined,
  seekSeconds = 0,
): { readonly seekSeconds: number; readonly shiftSeconds: number } => ({
  seekSeconds,
  shiftSeconds: video === undefined ? 0 : computeTimingShift(video, getOutputFrameRate(video), seekSeconds),
});
