import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeMedia } from "../adapters/local/lavfi.ts";
import { packageDirectory } from "../build/package-directory.ts";
import { recordingManifestName } from "../pipeline/highlights/playlist/build-recording-playlist.ts";
import type { LabelPeriod } from "../pipeline/highlights/truth-schema.ts";

/** Seconds of each part. */
const partSeconds = 60;
export const mixedFrameRate = 25;
const [width, height] = [640, 360];
const photographsFolder = join(packageDirectory, "examples", "highlights");

/** Times within a part. */
type Period = readonly [start: number, end: number];
interface Part {
  readonly name: string;
  /**
   * Filters from the sources `[astronaut]`, `[coffee]`, `[bars]`, `[pattern]` and `[zoom]` to `[out]`. Each source is used
   * once or left out.
   */
  readonly graph: string;
  readonly person?: readonly Period[];
  readonly cup?: readonly Period[];
}

const during = (...periods: readonly Period[]): string =>
  `enable='${periods.map(([start, end]) => `gte(t,${start})*lt(t,${end})`).join("+")}'`;
/** Removes rounding errors, which would move an edge by a frame. */
const roundTime = (seconds: number): number => Math.round(seconds * 1000) / 1000;
/** Periods of one of four pictures that take turns. */
const listTurns = (seconds: number, turn: number, margin = 0): readonly Period[] =>
  Array.from({ length: Math.floor(partSeconds / seconds) }, (_, index) => index)
    .filter((index) => index % 4 === turn)
    .map((index): Period => [roundTime(index * seconds + margin), roundTime((index + 1) * seconds - margin)]);
/** Shows four pictures in turn, the first one as the background. */
const takeTurns = (seconds: number, [first, ...others]: readonly string[]): string =>
  others
    .map((source, index) => {
      const under = index === 0 ? `[${first}]` : `[turn${index - 1}]`;
      return `${under}[${source}]overlay=${during(...listTurns(seconds, index + 1))}[turn${index}]`;
    })
    .join(";");

const slideSeconds = 7.5;
/** Seconds at both ends of a slide that are darker than half. */
const darkSeconds = 0.16;

/** Ten minutes, each of another kind of content. */
const parts: readonly Part[] = [
  {
    name: "news: a cut every 6 s",
    graph: `${takeTurns(6, ["bars", "coffee", "pattern", "astronaut"])};[turn2]null[out]`,
    cup: listTurns(6, 1),
    person: listTurns(6, 3),
  },
  {
    name: "interview: one picture with the noise of a camera",
    graph: `[pattern][astronaut]overlay=${during([2, 58])},noise=alls=8:allf=t[out]`,
    person: [[2, 58]],
  },
  {
    name: "fades of 2 s",
    graph:
      "[coffee]format=yuva420p,fade=in:st=5:d=2:alpha=1,fade=out:st=15:d=2:alpha=1[cup];" +
      "[astronaut]format=yuva420p,fade=in:st=30:d=2:alpha=1,fade=out:st=45:d=2:alpha=1[person];" +
      "[zoom][cup]overlay[one];[one][person]overlay[out]",
    cup: [[6, 16]],
    person: [[31, 46]],
  },
  {
    name: "flashes of photographers",
    graph: `[bars][astronaut]overlay=${during([4, 56])},eq=brightness='if(lt(mod(t,1.3),0.08),0.5,0)':eval=frame[out]`,
    person: [[4, 56]],
  },
  {
    name: "animation at 12.5 frames/s",
    graph: `[zoom]fps=12.5,fps=${mixedFrameRate}[low];[low][coffee]overlay=${during([20, 30])}[out]`,
    cup: [[20, 30]],
  },
  {
    name: "sports: fast pans",
    graph: `[pattern]scale=1920:${height},crop=${width}:${height}:'640+640*sin(t*1.5)':0[pan];[pan][astronaut]overlay=${during([10, 20], [40, 48])}[out]`,
    person: [
      [10, 20],
      [40, 48],
    ],
  },
  {
    name: "noise without a signal",
    graph: `[bars]noise=alls=100:allf=t+u[snow];[snow][coffee]overlay=${during([25, 35])}[out]`,
    cup: [[25, 35]],
  },
  {
    name: "slides that fade through black",
    graph: `${takeTurns(slideSeconds, ["bars", "coffee", "pattern", "astronaut"])};[turn2]eq=brightness='-pow(abs(2*mod(t,${slideSeconds})/${slideSeconds}-1),16)':eval=frame[out]`,
    cup: listTurns(slideSeconds, 1, darkSeconds),
    person: listTurns(slideSeconds, 3, darkSeconds),
  },
  {
    name: "music video: a cut every 0.8 s",
    graph: `${takeTurns(0.8, ["zoom", "bars", "astronaut", "pattern"])};[turn2]null[out]`,
    person: listTurns(0.8, 2),
  },
  {
    name: "game at 8 frames/s",
    graph: `[pattern]scale=1280:720,crop=${width}:${height}:'320+320*sin(t*3)':'180+180*cos(t*2)',fps=8,fps=${mixedFrameRate}[game];[game][coffee]overlay=${during([30, 40])}[out]`,
    cup: [[30, 40]],
  },
];

const sources = {
  astronaut: [
    ...["-loop", "1", "-r", String(mixedFrameRate)],
    ...["-i", join(photographsFolder, "astronaut.jpg")],
  ],
  coffee: [...["-loop", "1", "-r", String(mixedFrameRate)], ...["-i", join(photographsFolder, "coffee.jpg")]],
  bars: ["-f", "lavfi", "-i", `smptebars=s=${width}x${height}:r=${mixedFrameRate}`],
  pattern: ["-f", "lavfi", "-i", `testsrc2=s=${width}x${height}:r=${mixedFrameRate}`],
  zoom: [
    ...["-f", "lavfi"],
    ...["-i", `mandelbrot=s=${width}x${height}:r=${mixedFrameRate}:maxiter=100:end_scale=0.001:end_pts=1500`],
  ],
} as const;
const fitPhotograph = `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2,setsar=1`;

const makePart = async (ffmpeg: string, { graph }: Part, path: string): Promise<void> => {
  const used = Object.entries(sources).filter(([name]) => graph.includes(`[${name}]`));
  const inputs = used.map(
    ([name], index) =>
      `[${index}:v]${name === "astronaut" || name === "coffee" ? fitPhotograph : "null"}[${name}]`,
  );
  await makeMedia(
    ffmpeg,
    [
      ...used.flatMap(([, options]) => options),
      ...["-filter_complex", [...inputs, graph].join(";"), "-map", "[out]", "-t", String(partSeconds)],
      ...["-r", String(mixedFrameRate), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast"],
      ...["-bf", "2", "-g", String(mixedFrameRate * 2), path],
    ],
    AbortSignal.timeout(300_000),
  );
};

/** When labels are visible in the mixed recording. Seconds from its start. */
export const mixedAppearances: readonly LabelPeriod[] = parts.flatMap(({ person = [], cup = [] }, part) =>
  [
    ...person.map((period) => ({ label: "Person", period })),
    ...cup.map((period) => ({ label: "Cup", period })),
  ]
    .map(({ label, period: [start, end] }) => ({
      label,
      start: roundTime(part * partSeconds + start),
      end: roundTime(part * partSeconds + end),
    }))
    .sort((first, second) => first.start - second.start),
);
export const mixedSeconds = parts.length * partSeconds;

/** Makes a recording of ten minutes: cuts, fades, still and moving pictures, and noise. */
export const makeMixedRecording = async (ffmpeg: string, folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const files = parts.map((_, index) => join(folder, `part-${index}.mp4`));
  for (const [index, part] of parts.entries()) await makePart(ffmpeg, part, files[index] ?? "");
  const list = join(folder, "parts.txt");
  await writeFile(list, files.map((file) => `file '${file}'\n`).join(""));
  await makeMedia(
    ffmpeg,
    [
      ...["-f", "concat", "-safe", "0", "-i", list, "-c", "copy"],
      ...["-f", "hls", "-hls_time", "4", "-hls_list_size", "0", "-hls_playlist_type", "vod"],
      ...["-hls_segment_filename", join(folder, "%d.ts"), join(folder, recordingManifestName)],
    ],
    AbortSignal.timeout(300_000),
  );
};
