import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { BenchEnvironment, JobRun } from "./environment.ts";
import { type Measurement, measure, median } from "./measure.ts";
import type { BenchResult } from "./result.ts";

const runFfmpeg = (environment: BenchEnvironment, ...ffmpegArguments: string[]) =>
  measure(
    [environment.programs.ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...ffmpegArguments],
    {
      env: { GCONV_PATH: "/nonexistent" },
    },
  );

interface SourceOptions {
  readonly seconds: number;
  readonly size: string;
  readonly frameRate: number;
  /** kbit/s */
  readonly bitRate: number;
}

/** Creates a clip with texture, movement and camera noise, because flat test images encode too fast. */
const createSource = async (
  environment: BenchEnvironment,
  { seconds, size, frameRate, bitRate }: SourceOptions,
): Promise<string> => {
  const path = join(environment.root, `source-${seconds}-${size}.mp4`);
  const zoom = `mandelbrot=s=${size}:r=${frameRate}:start_scale=0.4:end_scale=0.05:end_pts=${seconds * 50}`;
  const encoder = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", `${bitRate}k`, "-g", "60"];
  await runFfmpeg(
    environment,
    ...["-f", "lavfi", "-i", zoom, "-f", "lavfi", "-i", "sine=frequency=440", "-t", String(seconds)],
    ...["-vf", "noise=alls=6:allf=t,format=yuv420p", ...encoder, "-c:a", "aac", path],
  );
  return path;
};

/** Options with a value that bare ffmpeg does not have for a file. */
const httpOptions: ReadonlySet<string> = new Set(["-rw_timeout", "-recv_buffer_size", "-tcp_mss"]);

/** Repeats the worker's ffmpeg calls that read the source, with the file as input and without the worker. */
const replay = async (
  environment: BenchEnvironment,
  { calls }: JobRun,
  file: string,
): Promise<readonly Measurement[]> => {
  const cwd = await mkdtemp(join(environment.root, "bare-"));
  const measurements: Measurement[] = [];
  for (const { arguments: callArguments } of calls) {
    if (!callArguments.some((argument) => argument.startsWith("http://127.0.0.1:"))) continue;
    const bareArguments: string[] = [];
    for (const [index, argument] of callArguments.entries()) {
      if (httpOptions.has(argument) || httpOptions.has(callArguments[index - 1] ?? "")) continue;
      const isScratchPath = argument.startsWith(environment.definition.SCRATCH_DIRECTORY);
      if (callArguments[index - 1] === "-protocol_whitelist") bareArguments.push("file,pipe,fd");
      else if (argument.startsWith("http://127.0.0.1:")) bareArguments.push(file);
      else if (isScratchPath) bareArguments.push(join(cwd, argument.split("/").at(-1) ?? "output"));
      else bareArguments.push(argument);
    }
    measurements.push(
      await measure([environment.recorder, ...bareArguments], {
        cwd,
        env: { GCONV_PATH: "/nonexistent" },
      }),
    );
  }
  return measurements;
};

const sumMetric = (measurements: readonly Measurement[], metric: "wallSeconds" | "cpuSeconds"): number =>
  measurements.reduce((sum, one) => sum + one[metric], 0);

const pairs = 15;

/**
 * Compares the worker with bare ffmpeg with the same arguments. Both run in turn, and each run of the worker is divided by
 * the mean of the runs of ffmpeg before and after it, so that a machine whose speed changes affects both. The result is
 * the median; the spread shows its reliability.
 */
export const benchWorker = async (environment: BenchEnvironment): Promise<readonly BenchResult[]> => {
  const file = await createSource(environment, {
    seconds: 60,
    size: "1280x720",
    frameRate: 30,
    bitRate: 8000,
  });
  const recipe = { name: "clip", start: { seconds: 0 }, durationSeconds: 60 } as const;
  const runWorker = (run: number) => environment.runJob(recipe, file, [`clip-${run}/{name}.mp4`]);
  // Not measured: it records ffmpeg's arguments and writes the code cache.
  const firstRun = await runWorker(0);
  const workers: JobRun[] = [];
  const bares = [await replay(environment, firstRun, file)];
  for (let pair = 1; pair <= pairs; pair += 1) {
    workers.push(await runWorker(pair));
    bares.push(await replay(environment, firstRun, file));
  }
  const ratios = (what: "wallSeconds" | "cpuSeconds"): readonly number[] =>
    workers.map((worked, index) => {
      const neighbors = bares.slice(index, index + 2).map((calls) => sumMetric(calls, what));
      return worked[what] / (neighbors.reduce((sum, seconds) => sum + seconds, 0) / neighbors.length);
    });
  const wall = ratios("wallSeconds");
  return [
    { name: "worker: wall time", value: median(workers.map(({ wallSeconds }) => wallSeconds)), unit: "s" },
    {
      name: "bare ffmpeg: wall time",
      value: median(bares.map((calls) => sumMetric(calls, "wallSeconds"))),
      unit: "s",
    },
    {
      name: `worker relative to bare ffmpeg, wall time: median of ${pairs} pairs`,
      value: median(wall),
      spread: [Math.min(...wall), Math.max(...wall)],
      unit: "×",
      target: { atMost: 1.03 },
    },
    {
      name: `worker relative to bare ffmpeg, CPU time with children: median of ${pairs} pairs`,
      value: median(ratios("cpuSeconds")),
      spread: [Math.min(...ratios("cpuSeconds")), Math.max(...ratios("cpuSeconds"))],
      unit: "×",
    },
    {
      name: "worker: peak memory of Node.js",
      value: Math.max(...workers.map(({ peakBytes }) => peakBytes)) / 1e6,
      unit: "MB",
      target: { atMost: 80 },
    },
  ];
};

/** Compares the CPU time of ffmpeg for a ladder in one process with one process per rendition. */
export const benchLadder = async (environment: BenchEnvironment): Promise<readonly BenchResult[]> => {
  const file = await createSource(environment, {
    seconds: 8,
    size: "1920x1080",
    frameRate: 30,
    bitRate: 12_000,
  });
  const heights = [1080, 720, 480, 360];
  const measureCpuSeconds = async (selectedHeights: number[]): Promise<number> => {
    const recipe = {
      name: "ladder",
      heights: selectedHeights,
      segmentSeconds: 4,
      spriteIntervalSeconds: 5,
    } as const;
    const run = await environment.runJob(recipe, file, [`ladder-${selectedHeights.join("-")}/{name}/`]);
    const longest = [...(await replay(environment, run, file))].sort(
      (a, b) => b.cpuSeconds - a.cpuSeconds,
    )[0];
    return longest?.cpuSeconds ?? Number.NaN;
  };
  const singleProcessSeconds = await measureCpuSeconds(heights);
  let separateProcessSeconds = 0;
  for (const height of heights) separateProcessSeconds += await measureCpuSeconds([height]);
  return [
    { name: "ladder: CPU time in one process", value: singleProcessSeconds, unit: "s" },
    { name: "ladder: CPU time with one process per rendition", value: separateProcessSeconds, unit: "s" },
    {
      name: "ladder: one process relative to several",
      value: singleProcessSeconds / separateProcessSeconds,
      unit: "×",
      target: { atMost: 0.8 },
    },
  ];
};

/** Bytes that the worker read of its source, from its log. */
const parseBytesRead = ({ log }: JobRun): number => {
  const bytesRead = /"bytesRead":(\d+)/.exec(log)?.[1];
  if (bytesRead === undefined) throw new Error("The worker's log contains no bytesRead.");
  return Number(bytesRead);
};

/**
 * Measures a thumbnail from the middle of a 1 GB file (20 Mbit/s): the bytes that the worker reads, its time and its
 * memory. Repeated, because other load affects them.
 */
export const benchThumbnail = async (environment: BenchEnvironment): Promise<readonly BenchResult[]> => {
  const shortClip = join(environment.root, "short.mp4");
  const noise = "nullsrc=size=1280x720:rate=30:duration=4,geq=random(1)*255:128:128";
  await runFfmpeg(
    environment,
    "-f",
    "lavfi",
    "-i",
    noise,
    "-c:v",
    "libx264",
    "-preset",
    "ultrafast",
    "-b:v",
    "20M",
    "-g",
    "60",
    shortClip,
  );
  const longClip = join(environment.root, "long.mp4");
  const bytes = 1e9;
  await runFfmpeg(
    environment,
    "-stream_loop",
    "-1",
    "-i",
    shortClip,
    "-c",
    "copy",
    "-fs",
    String(bytes),
    longClip,
  );
  const runs: JobRun[] = [];
  for (let index = 0; index < pairs; index += 1)
    runs.push(
      await environment.runJob({ name: "thumbnail", at: { percent: 50 } }, longClip, [
        `thumb-${index}/{name}.png`,
      ]),
    );
  const megabytesRead = runs.map((run) => parseBytesRead(run) / 1e6);
  const wallSeconds = runs.map((run) => run.wallSeconds);
  return [
    {
      name: `thumbnail of a 1 GB file (20 Mbit/s): bytes read, most of ${pairs} runs`,
      value: Math.max(...megabytesRead),
      spread: [Math.min(...megabytesRead), Math.max(...megabytesRead)],
      unit: "MB",
      target: { atMost: 12 },
    },
    {
      name: `thumbnail of a 1 GB file: wall time, median of ${pairs} runs`,
      value: median(wallSeconds),
      spread: [Math.min(...wallSeconds), Math.max(...wallSeconds)],
      unit: "s",
      target: { atMost: 0.5 },
    },
    {
      name: "thumbnail of a 1 GB file: peak memory of Node.js",
      value: Math.max(...runs.map(({ peakBytes }) => peakBytes)) / 1e6,
      unit: "MB",
      target: { atMost: 80 },
    },
  ];
};
