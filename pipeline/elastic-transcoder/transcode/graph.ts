import { deinterlaceFilters } from "../../media/geometry.ts";
import type { VideoProbe } from "../../media/probe.ts";
import type { OutputPlan, PicturePlan } from "./output-plan.ts";

/** What a process is to do with its outputs. */
export type Pass = "whole" | "first" | "second" | "palette";

/** The inputs behind the source: every watermark's picture once. */
export const pictureInputs = (plans: readonly OutputPlan[]): readonly string[] => [
  ...new Set(plans.flatMap(({ picture }) => (picture?.overlays ?? []).map(({ url }) => url))),
];

/** One output's picture from a link of source frames to a link of frames for its encoder. */
const pictureGraph = (
  { chain, overlays }: PicturePlan,
  from: string,
  to: string,
  label: string,
  pictures: readonly string[],
  chroma: string,
): readonly string[] => {
  if (overlays.length === 0) return [`${from}${[...chain.sized, ...chain.timed].join(",")}${to}`];
  const laid = overlays.map(({ url, filters, box }, place) => {
    const below = `[${label}_${place}]`;
    const above = place + 1 === overlays.length ? "" : `[${label}_${place + 1}]`;
    const rest = place + 1 === overlays.length && chain.timed.length > 0 ? `,${chain.timed.join(",")}` : "";
    return [
      `[${pictures.indexOf(url) + 1}:v]${filters.join(",")}[${label}_m${place}]`,
      `${below}[${label}_m${place}]overlay=${box.x}:${box.y}:format=${chroma}${rest}${above === "" ? to : above}`,
    ];
  });
  return [`${from}${chain.sized.join(",")}[${label}_0]`, ...laid.flat()];
};

/** GIF in its second run: the palette of the first is the last input. */
const paletteGraph = (from: string, to: string, palette: number): string =>
  `${from}[${palette}:v]paletteuse${to}`;

const overlayFormat = ({ output }: OutputPlan): string => {
  const { Video } = output.preset;
  if (Video?.Codec === "gif") return "rgb";
  return Video?.CodecOptions?.ChromaSubsampling === "yuv422p" ? "yuv422" : "yuv420";
};

/**
 * The graph of a process: the source's frames decoded once and split among the outputs and their thumbnails.
 *
 * @param seconds that a palette is taken of
 */
export const graphOf = (
  plans: readonly OutputPlan[],
  video: VideoProbe | undefined,
  pass: Pass,
  seconds: number,
): string | undefined => {
  const pictures = pictureInputs(plans);
  const sinks = plans.flatMap((plan): readonly ((from: string) => readonly string[])[] => {
    const { picture, thumbnails, index } = plan;
    const drawn =
      picture === undefined
        ? []
        : [
            (from: string) => {
              const gif =
                pass === "palette" || (pass === "second" && plan.output.preset.Video?.Codec === "gif");
              const to = gif ? `[g${index}]` : `[v${index}]`;
              const lines = pictureGraph(picture, from, to, `w${index}`, pictures, overlayFormat(plan));
              if (!gif) return lines;
              return pass === "palette"
                ? [...lines, `[g${index}]trim=duration=${seconds},palettegen[v${index}]`]
                : [...lines, paletteGraph(`[g${index}]`, `[v${index}]`, pictures.length + 1)];
            },
          ];
    const shown =
      thumbnails === undefined || pass === "first" || pass === "palette"
        ? []
        : [(from: string) => [`${from}${thumbnails.filters.join(",")}[t${index}]`]];
    return [...drawn, ...shown];
  });
  const sounds =
    pass === "first" || pass === "palette"
      ? []
      : plans.flatMap(({ sound }) => (sound?.graph === undefined ? [] : [sound.graph]));
  const source = video === undefined ? "" : `[0:${video.index}]`;
  const shared = video === undefined ? [] : deinterlaceFilters(video);
  const [only] = sinks;
  const links = sinks.map((_, place) => `[s${place}]`);
  const drawn =
    sinks.length > 1
      ? [
          `${source}${[...shared, `split=${sinks.length}`].join(",")}${links.join("")}`,
          ...sinks.flatMap((sink, place) => sink(links[place] ?? "")),
        ]
      : only === undefined
        ? []
        : shared.length === 0
          ? only(source)
          : [`${source}${shared.join(",")}[s0]`, ...only("[s0]")];
  const graph = [...drawn, ...sounds];
  return graph.length === 0 ? undefined : graph.join(";");
};
