import {
  buildOutputScaleFilters,
  buildVideoFilters,
  type ColorCapabilities,
  getOutputColor,
} from "../encoding/color-filters.ts";
import { buildTimingFilters } from "../encoding/timing-filters.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { Rendition } from "./renditions.ts";

/**
 * Builds the filters for all renditions, with one decode and one process. The largest is first; each of the others is
 * scaled from the next larger one, which costs less than from the source.
 */
export const buildRenditionFilters = (
  video: VideoProbe,
  renditions: readonly Rendition[],
  capabilities: ColorCapabilities,
  maxFrameRate?: number,
): string =>
  renditions
    .map((size, index) => {
      const filters =
        index === 0
          ? [
              `[0:${video.index}]${[...buildVideoFilters(video, size, "video", capabilities), ...buildTimingFilters(video, { maxFrameRate })].join(",")}`,
            ]
          : [`[n${index - 1}]${buildOutputScaleFilters(size, getOutputColor(video), "video").join(",")}`];
      return index === renditions.length - 1
        ? `${filters.join(",")}[v${index}]`
        : `${filters.join(",")},split=2[v${index}][n${index}]`;
    })
    .join(";");

/** Builds the encoder arguments of a rendition. Keyframes are at the same times in all renditions. */
export const buildRenditionArguments = (
  { maxKbps }: Rendition,
  index: number,
  segmentSeconds: number,
): readonly string[] => [
  "-map",
  `[v${index}]`,
  "-c:v",
  "libx264",
  "-preset",
  "veryfast",
  "-crf",
  "22",
  "-maxrate",
  `${maxKbps}k`,
  "-bufsize",
  `${maxKbps * 2}k`,
  "-g",
  "600",
  "-sc_threshold",
  "0",
  "-force_key_frames",
  `expr:gte(t,n_forced*${segmentSeconds})`,
];
