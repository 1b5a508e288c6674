import { formatFrameRate, getFrameRate } from "../media/frame-rate.ts";
import type { VideoProbe } from "../media/probe.ts";

/** Maximum frame rate of an output, unless its recipe has another. */
export const defaultMaxFrameRate = 60;

/** The highest rate up to the maximum of which the source's rate is a multiple, e.g. 50 for 100. */
export const limitFrameRate = (rate: number, maxFrameRate: number): number =>
  rate <= maxFrameRate * 1.001 ? rate : rate / Math.ceil(rate / (maxFrameRate * 1.001));

/** Frame rate of an output at a constant rate, frames per second. */
export const getOutputFrameRate = (video: VideoProbe, maxFrameRate: number): number =>
  limitFrameRate(getFrameRate(video), maxFrameRate);

/** What determines the times of an output's frames. */
interface OutputTiming {
  /** Frames per second. Default: the source's, up to `maxFrameRate`. */
  readonly frameRate?: number;
  readonly maxFrameRate?: number;
  /** Position in the source at which the output starts. Default 0. */
  readonly seekSeconds?: number;
}

/**
 * Filter that ends a video with a variable rate where the source does. ffmpeg takes the interval before the last frame for
 * its duration, so after a still screen it would last for seconds too long.
 */
const buildEndFilters = (video: VideoProbe, seekSeconds: number): readonly string[] => {
  if (video.isVariableFrameRate !== true || video.durationSeconds === undefined) return [];
  const endSeconds = (video.startSeconds ?? 0) + video.durationSeconds - seekSeconds;
  return [`trim=end=${Math.max(0.01, endSeconds).toFixed(3)}`];
};

/**
 * Builds the `fps` filter of an output. If its first frame may be late, that frame fills the gap from the start: Media
 * Source Extensions ignore the empty edit that would describe it. Otherwise there is no gap to fill, and ffmpeg, which
 * builds the filters again when the size of the frames changes, must not fill one.
 *
 * @param rate frames per second, as ffmpeg parses it
 * @param isSeeking true if the output starts at a position in the source, where a frame may be missing
 */
const buildFrameRateFilter = (video: VideoProbe, rate: string, isSeeking = false): string =>
  isSeeking || (video.startSeconds ?? 0) > 0 ? `fps=${rate}:start_time=0` : `fps=${rate}`;

/** Builds the filters that give a video a constant frame rate from the source's origin: its own, up to the maximum. */
export const buildTimingFilters = (video: VideoProbe, timing: OutputTiming = {}): readonly string[] => {
  const { maxFrameRate = defaultMaxFrameRate, seekSeconds = 0 } = timing;
  const frameRate = timing.frameRate ?? getOutputFrameRate(video, maxFrameRate);
  return [
    buildFrameRateFilter(video, formatFrameRate(frameRate), seekSeconds > 0),
    ...buildEndFilters(video, seekSeconds),
  ];
};

/** Below this rate, a video is slides. Half of their interval is too long to shift the audio by. */
const minShiftedFrameRate = 10;

/**
 * Seconds by which a constant frame rate shifts a video: its first frame moves to the nearest multiple of the frame
 * duration. Audio is shifted by the same time. 0 without video, for slides, and if the rate varies: then frames move both
 * ways.
 */
export const computeTimingShift = (video: VideoProbe | undefined, timing: OutputTiming = {}): number => {
  if (video === undefined || video.isVariableFrameRate === true) return 0;
  const { maxFrameRate = defaultMaxFrameRate, seekSeconds = 0 } = timing;
  const frameRate = timing.frameRate ?? getOutputFrameRate(video, maxFrameRate);
  if (frameRate < minShiftedFrameRate) return 0;
  const startSeconds = (video.startSeconds ?? 0) - seekSeconds;
  return Math.round(startSeconds * frameRate) / frameRate - startSeconds;
};

/** Options of `buildAudioFilters` that keep audio in sync with a video after its frame rate filter. */
export const buildAudioTiming = (
  video: VideoProbe | undefined,
  timing: OutputTiming = {},
): { readonly seekSeconds: number; readonly shiftSeconds: number } => ({
  seekSeconds: timing.seekSeconds ?? 0,
  shiftSeconds: computeTimingShift(video, timing),
});

/** Error of a timestamp in a container that stores milliseconds. */
const maxRoundingSeconds = 0.001;

/**
 * Filters whose first frame is the one that is visible at time 0; before the first frame, that one. They have
 * no frame if the video ends before time 0.
 */
export const visibleFrameFilters: readonly string[] = [
  `setpts=PTS-${maxRoundingSeconds}/TB`,
  "fps=1:start_time=0:round=up",
];

/** Filters that select the last frame of a video that ends before time 0: all its frames are in one interval. */
export const lastFrameFilters: readonly string[] = [
  "fps=1/10000000:start_time=-1000000:round=down:eof_action=pass",
];

/**
 * Builds the filters that select the frame that is visible at each multiple of an interval, starting at the source's origin
 * with the first frame. A part of a frame by which the video starts late does not count.
 *
 * @param seconds interval
 */
export const buildIntervalFilters = (
  video: VideoProbe,
  seconds: number,
  isSeeking = false,
): readonly string[] => {
  const shiftSeconds = (isSeeking ? 0 : computeTimingShift(video)) - maxRoundingSeconds;
  return [
    `setpts=PTS${shiftSeconds < 0 ? "" : "+"}${shiftSeconds.toFixed(4)}/TB`,
    `${buildFrameRateFilter(video, `1/${seconds}`, isSeeking)}:round=up`,
  ];
};
