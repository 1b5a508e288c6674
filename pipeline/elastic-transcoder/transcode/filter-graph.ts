import { buildFrameFilters } from "../../encoding/frame-filters.ts";
import type { VideoProbe } from "../../media/probe.ts";
import type { OutputPlan, VideoPlan } from "./output-plan.ts";

/** Pass of an ffmpeg process: the only one, the first or second of VP9, or the palette of GIF. */
export type Pass = "single" | "first" | "second" | "palette";

/** The inputs after the source: each watermark image once. */
export const listWatermarkUrls = (plans: readonly OutputPlan[]): readonly string[] => [
  ...new Set(plans.flatMap(({ video }) => (video?.overlays ?? []).map(({ url }) => url))),
];

/** Graph of one output's video, from source frames to the frames for its encoder. */
const buildVideoGraph = (
  { chain, overlays }: VideoPlan,
  from: string,
  to: string,
  label: string,
  imageUrls: readonly string[],
  chroma: string,
): readonly string[] => {
  if (overlays.length === 0) return [`${from}${[...chain.sizeFilters, ...chain.rateFilters].join(",")}${to}`];
  const overlayLines = overlays.map(({ url, filters, rectangle }, index) => {
    const baseLabel = `[${label}_${index}]`;
    const outputLabel = index + 1 === overlays.length ? "" : `[${label}_${index + 1}]`;
    const rest =
      index + 1 === overlays.length && chain.rateFilters.length > 0 ? `,${chain.rateFilters.join(",")}` : "";
    return [
      `[${imageUrls.indexOf(url) + 1}:v]${filters.join(",")}[${label}_m${index}]`,
      `${baseLabel}[${label}_m${index}]overlay=${rectangle.x}:${rectangle.y}:format=${chroma}${rest}${outputLabel === "" ? to : outputLabel}`,
    ];
  });
  return [`${from}${chain.sizeFilters.join(",")}[${label}_0]`, ...overlayLines.flat()];
};

/** Second pass of a GIF: the palette of the first pass is the last input. */
const buildPaletteGraph = (from: string, to: string, paletteInput: number): string =>
  `${from}[${paletteInput}:v]paletteuse${to}`;

const getOverlayFormat = ({ output }: OutputPlan): string => {
  const { Video } = output.preset;
  if (Video?.Codec === "gif") return "rgb";
  return Video?.CodecOptions?.ChromaSubsampling === "yuv422p" ? "yuv422" : "yuv420";
};

/**
 * Builds the filter graph of a process: it decodes the source once and splits the frames among outputs and thumbnails.
 *
 * @param seekFilters filters that discard the frames before a clip
 * @param seconds duration from which a palette is computed
 */
export const buildFilterGraph = (
  plans: readonly OutputPlan[],
  video: VideoProbe | undefined,
  seekFilters: readonly string[],
  pass: Pass,
  seconds: number,
): string | undefined => {
  const imageUrls = listWatermarkUrls(plans);
  const sinks = plans.flatMap((plan): readonly ((from: string) => readonly string[])[] => {
    const { video, thumbnails, index } = plan;
    const videoSinks =
      video === undefined
        ? []
        : [
            (from: string) => {
              const hasPalette =
                pass === "palette" || (pass === "second" && plan.output.preset.Video?.Codec === "gif");
              const to = hasPalette ? `[g${index}]` : `[v${index}]`;
              const lines = buildVideoGraph(video, from, to, `w${index}`, imageUrls, getOverlayFormat(plan));
              if (!hasPalette) return lines;
              return pass === "palette"
                ? [...lines, `[g${index}]trim=duration=${seconds},palettegen[v${index}]`]
                : [...lines, buildPaletteGraph(`[g${index}]`, `[v${index}]`, imageUrls.length + 1)];
            },
          ];
    const thumbnailSinks =
      thumbnails === undefined || pass === "first" || pass === "palette"
        ? []
        : [(from: string) => [`${from}${thumbnails.filters.join(",")}[t${index}]`]];
    return [...videoSinks, ...thumbnailSinks];
  });
  const audioGraphs =
    pass === "first" || pass === "palette"
      ? []
      : plans.flatMap(({ audio }) => (audio?.filterGraph === undefined ? [] : [audio.filterGraph]));
  const source = video === undefined ? "" : `[0:${video.index}]`;
  const shared = video === undefined ? [] : [...seekFilters, ...buildFrameFilters(video)];
  const [onlySink] = sinks;
  const labels = sinks.map((_, index) => `[s${index}]`);
  const videoLines =
    sinks.length > 1
      ? [
          `${source}${[...shared, `split=${sinks.length}`].join(",")}${labels.join("")}`,
          ...sinks.flatMap((sink, index) => sink(labels[index] ?? "")),
        ]
      : onlySink === undefined
        ? []
        : shared.length === 0
          ? onlySink(source)
          : [`${source}${shared.join(",")}[s0]`, ...onlySink("[s0]")];
  const graph = [...videoLines, ...audioGraphs];
  return graph.length === 0 ? undefined : graph.join(";");
};
