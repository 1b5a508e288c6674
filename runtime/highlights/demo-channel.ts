import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { makeMedia } from "../../adapters/local/lavfi.ts";
import { packageDirectory } from "../../build/package-directory.ts";
import { recordingManifestName } from "../../pipeline/highlights/playlist/build-recording-playlist.ts";
import type { RecordedFrame } from "../../pipeline/highlights/recorded-detections.ts";
import type { LabelPeriod } from "../../pipeline/highlights/truth-schema.ts";

/** A photograph that the demo's channel shows for a time. */
interface ShownPhotograph extends LabelPeriod {
  /** File in `examples/highlights`. */
  readonly file: string;
}

/** Frames per second. */
export const demoFrameRate = 25;
const segmentSeconds = 2;
const [width, height] = [640, 360];
const photographsFolder = join(packageDirectory, "examples", "highlights");

/** Times of frames. Their edges are in the middle of segments, at their start and at their end. */
const shownPhotographs: readonly ShownPhotograph[] = [
  { label: "Person", file: "astronaut.jpg", start: 6.2, end: 12.6 },
  { label: "Cup", file: "coffee.jpg", start: 18.4, end: 24 },
  { label: "Person", file: "astronaut.jpg", start: 30.28, end: 35.4 },
  { label: "Cup", file: "coffee.jpg", start: 40, end: 44.08 },
];
/** What the channel shows besides: a new scene at each of these times. */
const scenes = [
  { graph: `testsrc2=s=${width}x${height}`, starts: [0] },
  { graph: `smptebars=s=${width}x${height}`, starts: [16, 46] },
  { graph: `mandelbrot=s=${width}x${height}:maxiter=200:end_scale=0.01`, starts: [28] },
] as const;

/** When the labels of the demo's channel are visible. Seconds from its start. */
export const demoAppearances: readonly LabelPeriod[] = shownPhotographs.map(({ label, start, end }) => ({
  label,
  start,
  end,
}));
/** Seconds of the demo's channel. */
export const demoSeconds = 50;
/** What a detector without errors finds in the demo's channel. */
export const demoDetections: readonly RecordedFrame[] = [
  0,
  ...demoAppearances.flatMap(({ start, end }) => [start, end]),
]
  .sort((first, second) => first - second)
  .map((time) => ({
    time,
    labels: demoAppearances
      .filter(({ start, end }) => time >= start && time < end)
      .map(({ label }) => ({ name: label, confidence: 90, boxes: [] })),
    celebrities: [],
  }));

const buildEnable = (periods: readonly Pick<LabelPeriod, "start" | "end">[]): string =>
  periods.map(({ start, end }) => `gte(t,${start})*lt(t,${end})`).join("+");

/** The periods of a scene: from each of its starts to the next scene. */
const listPeriods = ({ starts }: (typeof scenes)[number]) => {
  const allStarts = scenes.flatMap((scene): readonly number[] => scene.starts);
  return starts.map((start) => ({
    start,
    end: Math.min(demoSeconds, ...allStarts.filter((other) => other > start)),
  }));
};

/**
 * Encodes the demo's channel as a recording: scenes that change, and photographs at known times.
 *
 * @param folder where `index.m3u8` and its segments are written
 */
export const encodeDemoChannel = async (
  ffmpeg: string,
  folder: string,
  signal: AbortSignal,
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const files = [...new Set(shownPhotographs.map(({ file }) => file))];
  const layers = [
    ...scenes.slice(1).map((scene) => ({ filters: "null", periods: listPeriods(scene) })),
    ...files.map((file) => ({
      filters: `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`,
      periods: shownPhotographs.filter((shown) => shown.file === file),
    })),
  ];
  const graph = layers.flatMap(({ filters, periods }, index) => [
    `[${index + 1}:v]${filters}[layer${index}]`,
    `[${index === 0 ? "0:v" : `shown${index - 1}`}][layer${index}]overlay=enable='${buildEnable(periods)}'[shown${index}]`,
  ]);
  await makeMedia(
    ffmpeg,
    [
      ...scenes.flatMap((scene) => ["-f", "lavfi", "-i", `${scene.graph}:r=${demoFrameRate}`]),
      ...files.flatMap((file) => [
        ...["-loop", "1", "-r", String(demoFrameRate)],
        ...["-i", join(photographsFolder, file)],
      ]),
      ...["-filter_complex", graph.join(";"), "-map", `[shown${layers.length - 1}]`],
      ...["-t", String(demoSeconds), "-pix_fmt", "yuv420p"],
      ...["-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"],
      ...["-g", String(demoFrameRate * segmentSeconds)],
      ...["-f", "hls", "-hls_time", String(segmentSeconds), "-hls_list_size", "0"],
      ...["-hls_playlist_type", "vod", "-hls_segment_filename", join(folder, "%d.ts")],
      join(folder, recordingManifestName),
    ],
    signal,
  );
};
