import { buildConstantFrameRateFilters } from "../media/constant-frame-rate.ts";
import { buildScaleFilters, buildVideoFilters } from "../media/geometry.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import type { LadderOptions } from "./recipe.ts";
import type { Rendition } from "./renditions.ts";

/**
 * One decode for all renditions, the largest first: each is scaled from the one above it, which costs less than from
 * the source and is encoded by the same process.
 */
export const buildRenditionFilters = (video: VideoProbe, renditions: readonly Rendition[]): string =>
  renditions
    .map((size, index) => {
      const filters =
        index === 0
          ? [
              `[0:${video.index}]${[...buildConstantFrameRateFilters(video), ...buildVideoFilters(video, size)].join(",")}`,
              "format=yuv420p",
            ]
          : [`[n${index - 1}]${buildScaleFilters(size).join(",")}`];
      return index === renditions.length - 1
        ? `${filters.join(",")}[v${index}]`
        : `${filters.join(",")},split=2[v${index}][n${index}]`;
    })
    .join(";");

/** The encoder of each rendition, with keyframes at the same moments in all. */
export const buildRenditionArguments = (
  renditions: readonly Rendition[],
  segmentSeconds: number,
): readonly string[] =>
  renditions.flatMap((rendition, index) => [
    "-map",
    `[v${index}]`,
    `-c:v:${index}`,
    "libx264",
    `-preset:v:${index}`,
    "veryfast",
    `-crf:v:${index}`,
    "22",
    `-maxrate:v:${index}`,
    `${rendition.maxKbps}k`,
    `-bufsize:v:${index}`,
    `${rendition.maxKbps * 2}k`,
    `-g:v:${index}`,
    "600",
    `-sc_threshold:v:${index}`,
    "0",
    `-force_key_frames:v:${index}`,
    `expr:gte(t,n_forced*${segmentSeconds})`,
  ]);

/** CMAF files, each whole in itself, with a DASH manifest and an HLS playlist over them. */
export const buildPackagingArguments = (
  probe: Probe,
  renditionCount: number,
  options: LadderOptions,
  scratchDirectory: string,
): readonly string[] => {
  // A set of its own for each rendition: newer builds refuse even sizes of one set whose shapes differ by a pixel.
  const adaptationSets = Array.from(
    { length: renditionCount + (probe.audio === undefined ? 0 : 1) },
    (_, stream) => `id=${stream},streams=${stream}`,
  );
  return [
    "-f",
    "dash",
    "-seg_duration",
    String(options.segmentSeconds),
    "-use_template",
    "0",
    "-use_timeline",
    "0",
    "-single_file",
    "1",
    "-single_file_name",
    "rendition-$RepresentationID$.mp4",
    "-hls_playlist",
    "1",
    "-adaptation_sets",
    adaptationSets.join(" "),
    `${scratchDirectory}/manifest.mpd`,
  ];
};
