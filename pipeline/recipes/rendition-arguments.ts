import { buildConstantFrameRateFilters } from "../media/constant-frame-rate.ts";
import { buildScaleFilters, buildVideoFilters } from "../media/geometry.ts";
import type { Probe, VideoProbe } from "../media/probe.ts";
import type { LadderOptions } from "./recipe.ts";
import type { Rendition } from "./renditions.ts";

/**
 * Builds the filters for all renditions, with one decode and one process. The largest is first; each of the others is
 * scaled from the next larger one, which costs less than from the source.
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

/** Builds the encoder arguments of each rendition, with keyframes at the same times. */
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

/** Builds the muxer arguments: one CMAF file per stream, with a DASH manifest and HLS playlists. */
export const buildPackagingArguments = (
  probe: Probe,
  renditionCount: number,
  options: LadderOptions,
  scratchDirectory: string,
): readonly string[] => {
  // One adaptation set per rendition: newer builds reject a set with aspect ratios that differ by rounding to even
  // sizes.
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
