import { buildColorScaleFilters } from "../encoding/color-filters.ts";
import { imageArguments } from "../encoding/encode.ts";
import { buildFrameFilters } from "../encoding/frame-filters.ts";
import { buildInputArguments, computeMaxSourceSeconds } from "../encoding/input-arguments.ts";
import { computeOriginShift } from "../encoding/origin-shift.ts";
import { jpegFrames, pngFrames } from "../encoding/output-color.ts";
import type { Plan, PlanContext } from "../encoding/plan.ts";
import { buildIntervalFilters, computeTimingShift } from "../encoding/timing-filters.ts";
import { resolveSourceColor } from "../media/color.ts";
import { containerDemuxers } from "../media/demuxers.ts";
import { getVideoSeconds } from "../media/duration.ts";
import { fitInto, roundSizeDownToEven } from "../media/geometry.ts";
import type { Probe } from "../media/probe.ts";
import { requireOutputKey, requireVideo } from "./preconditions.ts";
import type { FramesOptions } from "./recipe.ts";

/** Less than any frame lasts. */
const endToleranceSeconds = 0.02;

/**
 * True if the last image is at the end of the source, where no frame is visible: the 2018 build repeats the last frame of
 * some sources.
 */
const isLastRepeated = (count: number, probe: Probe, { everySeconds }: FramesOptions): boolean => {
  const videoSeconds = getVideoSeconds(probe);
  if (count < 2 || videoSeconds === undefined) return false;
  const endSeconds = videoSeconds + computeTimingShift(probe.video) - endToleranceSeconds;
  return count - 1 === Math.ceil(endSeconds / everySeconds);
};

/** Plans numbered images at an interval, starting with the first frame. */
export function* planFrames(options: FramesOptions, context: PlanContext): Plan {
  const { probe, url } = context.source;
  const video = requireVideo(probe, "frames");
  const folder = requireOutputKey(context.outputKeys, "frames");
  const size = roundSizeDownToEven(fitInto(video, { width: options.maxWidth, height: options.maxHeight }));
  const isJpeg = options.format === "jpg";
  yield {
    kind: "ffmpeg",
    phase: "extracting frames",
    weight: 1,
    seconds: getVideoSeconds(probe),
    arguments: [
      "-threads",
      String(context.threads),
      ...buildInputArguments(containerDemuxers, context.limits.maxVideoPixels, {
        durationSeconds: computeMaxSourceSeconds(context.limits),
        originShiftSeconds: computeOriginShift(context, [video]),
      }),
      "-i",
      url,
      "-map",
      `0:${video.index}`,
      "-vf",
      [
        ...buildFrameFilters(video),
        ...buildIntervalFilters(video, options.everySeconds),
        ...buildColorScaleFilters(
          size,
          resolveSourceColor(video),
          isJpeg ? jpegFrames : pngFrames,
          context.capabilities,
        ),
        "setsar=1",
      ].join(","),
      ...imageArguments[options.format],
      "-f",
      "image2",
      "-start_number",
      "1",
      `${context.scratchDirectory}/frame-%05d.${options.format}`,
    ],
  };
  const { text } = yield { kind: "list", path: context.scratchDirectory };
  const names = text.split("\n").filter((name) => /^frame-\d{5,}\.(jpg|png)$/.test(name));
  return names.slice(0, isLastRepeated(names.length, probe, options) ? -1 : undefined).map((name) => ({
    path: `${context.scratchDirectory}/${name}`,
    key: `${folder}${name}`,
    contentType: isJpeg ? "image/jpeg" : "image/png",
    isManifest: false,
    expectation: { video: { codec: isJpeg ? "mjpeg" : "png", ...size } },
  }));
}
