import { isOutputEmpty, parseFrameTimes } from "../encoding/ffmpeg-log.ts";
import { buildFileInputArguments } from "../encoding/input-arguments.ts";
import type { FfmpegStep, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { isMediaFailure } from "../errors/job-error.ts";
import { type GrayFrame, selectPosterSeconds } from "../media/frame-score.ts";
import { fitInto, roundSizeDownToEven, type Size } from "../media/geometry.ts";

/** The renditions that the images are made from. They have the same frames. */
export interface RenditionFiles {
  readonly largestPath: string;
  readonly smallestPath: string;
  /** Size of the smallest. */
  readonly smallestSize: Size;
}

/** Candidates for the poster, spread over the duration. */
const maxCandidates = 24;
const maxCandidateSize: Size = { width: 320, height: 320 };
/** In a longer video only keyframes are candidates: there are enough, and decoding them takes a tenth of the time. */
const maxFullDecodeSeconds = 120;
/** Preferred position of the poster, as a fraction of the duration. */
const preferredFraction = 0.1;

/** Builds the step that writes the candidates as gray frames, one after the other. */
const buildCandidatesStep = (
  { smallestPath }: RenditionFiles,
  size: Size,
  seconds: number,
  path: string,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "poster",
  weight: 0,
  seconds,
  arguments: [
    ...(seconds > maxFullDecodeSeconds ? ["-skip_frame", "nokey"] : []),
    ...buildFileInputArguments(["mov"]),
    "-i",
    smallestPath,
    "-map",
    "0:v:0",
    "-vf",
    [
      `select='isnan(prev_selected_t)+gte(t-prev_selected_t,${(seconds / maxCandidates).toFixed(3)})'`,
      `scale=${size.width}:${size.height}:flags=area`,
      "showinfo",
      "format=gray",
    ].join(","),
    "-vsync",
    "passthrough",
    "-frames:v",
    String(maxCandidates),
    "-f",
    "rawvideo",
    path,
  ],
});

/** Builds the step that writes one frame of the largest rendition. */
const buildPosterStep = (
  { largestPath }: RenditionFiles,
  seconds: number,
  filters: readonly string[],
  path: string,
): FfmpegStep => ({
  kind: "ffmpeg",
  phase: "poster",
  weight: 1,
  arguments: [
    ...buildFileInputArguments(["mov"]),
    ...(seconds > 0 ? ["-ss", seconds.toFixed(3)] : []),
    "-i",
    largestPath,
    "-map",
    "0:v:0",
    "-vf",
    filters.join(","),
    "-frames:v",
    "1",
    "-f",
    "image2",
    "-update",
    "1",
    path,
  ],
});

/** Finds the time of the best candidate in seconds; undefined if none can be decoded. */
function* findPosterSeconds(
  renditions: RenditionFiles,
  seconds: number,
  context: PlanContext,
): Generator<Step, number | undefined, StepResult> {
  const size = roundSizeDownToEven(fitInto(renditions.smallestSize, maxCandidateSize));
  const frameBytes = size.width * size.height;
  const path = `${context.scratchDirectory}/poster-candidates.gray`;
  try {
    const { log } = yield buildCandidatesStep(renditions, size, seconds, path);
    const { bytes = new Uint8Array() } = yield { kind: "head", path, length: maxCandidates * frameBytes };
    const frames = parseFrameTimes(log).map(
      (time, index): GrayFrame => ({
        seconds: time,
        pixels: bytes.subarray(index * frameBytes, (index + 1) * frameBytes),
      }),
    );
    const completeFrames = frames.filter(({ pixels }) => pixels.length === frameBytes);
    return selectPosterSeconds(completeFrames, size.width, seconds * preferredFraction);
  } catch (cause) {
    if (!isMediaFailure(cause)) throw cause;
    return undefined;
  }
}

/**
 * Plans the poster: a frame that is neither black nor blurred, near a tenth of the duration. It is taken from the
 * renditions, so that it needs no seek in the source and no second read of it. Falls back to the first frame.
 *
 * @param seconds duration of the video
 * @param filters filters of the poster, with its size
 * @returns whether there is a poster; a warning says why if not
 */
export function* planPoster(
  context: PlanContext,
  renditions: RenditionFiles,
  seconds: number,
  filters: readonly string[],
  path: string,
): Generator<Step, boolean, StepResult> {
  const posterSeconds = yield* findPosterSeconds(renditions, seconds, context);
  const positions = posterSeconds === undefined || posterSeconds <= 0 ? [0] : [posterSeconds, 0];
  for (const position of positions)
    try {
      // The time in the log is rounded, and a seek ends at the first frame that is not before the position.
      const step = buildPosterStep(renditions, position - 0.002, filters, path);
      const { log } = yield step;
      if (isOutputEmpty(log)) continue;
      if (position === 0 && posterSeconds !== 0)
        yield { kind: "warn", text: "The poster is the first frame: no better one could be decoded" };
      return true;
    } catch (cause) {
      if (!isMediaFailure(cause)) throw cause;
    }
  yield { kind: "warn", text: "The ladder has no poster: no frame of its renditions could be decoded" };
  return false;
}
