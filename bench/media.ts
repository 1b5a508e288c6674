import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import type { Machine, WorkedJob } from "./machine.ts";
import { type Measurement, measure, median } from "./measure.ts";
import type { BenchResult } from "./result.ts";

const make = (machine: Machine, ...given: string[]) =>
  measure([machine.programs.ffmpeg, "-hide_banner", "-loglevel", "error", "-nostdin", "-y", ...given], {
    env: { GCONV_PATH: "/nonexistent" },
  });

interface Source {
  readonly seconds: number;
  readonly size: string;
  readonly frameRate: number;
  /** kbit/s, as cameras and phones write it. */
  readonly bitRate: number;
}

/** A clip with texture, movement and the noise of a camera: a flat test picture decodes and encodes too easily. */
const source = async (machine: Machine, { seconds, size, frameRate, bitRate }: Source): Promise<string> => {
  const path = join(machine.root, `source-${seconds}-${size}.mp4`);
  const zoom = `mandelbrot=s=${size}:r=${frameRate}:start_scale=0.4:end_scale=0.05:end_pts=${seconds * 50}`;
  const encoder = ["-c:v", "libx264", "-preset", "veryfast", "-b:v", `${bitRate}k`, "-g", "60"];
  await make(
    machine,
    ...["-f", "lavfi", "-i", zoom, "-f", "lavfi", "-i", "sine=frequency=440", "-t", String(seconds)],
    ...["-vf", "noise=alls=6:allf=t,format=yuv420p", ...encoder, "-c:a", "aac", path],
  );
  return path;
};

/** Runs the worker's own ffmpeg calls that read the source, from the file itself and with nothing around them. */
const replay = async (
  machine: Machine,
  { calls }: WorkedJob,
  file: string,
): Promise<readonly Measurement[]> => {
  const cwd = await mkdtemp(join(machine.root, "bare-"));
  const measured: Measurement[] = [];
  for (const { arguments: given } of calls) {
    if (!given.some((argument) => argument.startsWith("http://127.0.0.1:"))) continue;
    const bare: string[] = [];
    for (const [index, argument] of given.entries()) {
      // Bare ffmpeg opens the file itself; everything that is about HTTP goes.
      if (argument === "-rw_timeout" || given[index - 1] === "-rw_timeout") continue;
      const own = argument.startsWith(machine.definition.SCRATCH);
      if (given[index - 1] === "-protocol_whitelist") bare.push("file,pipe,fd");
      else if (argument.startsWith("http://127.0.0.1:")) bare.push(file);
      else if (own) bare.push(join(cwd, argument.split("/").at(-1) ?? "output"));
      else bare.push(argument);
    }
    measured.push(
      await measure([machine.programs.ffmpeg, ...bare], { cwd, env: { GCONV_PATH: "/nonexistent" } }),
    );
  }
  return measured;
};

const total = (measured: readonly Measurement[], what: "wallSeconds" | "cpuSeconds"): number =>
  measured.reduce((sum, one) => sum + one[what], 0);

const pairs = 5;

/**
 * The worker against bare ffmpeg with the same arguments. The two run in turn, and each pair gives one ratio: what
 * else the machine does changes both runs of a pair alike. The median counts; the spread tells how far to trust it.
 */
export const benchWorker = async (machine: Machine): Promise<readonly BenchResult[]> => {
  const file = await source(machine, { seconds: 60, size: "1280x720", frameRate: 30, bitRate: 8000 });
  const recipe = { name: "clip", start: { seconds: 0 }, durationSeconds: 60 } as const;
  const workers: WorkedJob[] = [];
  const bares: (readonly Measurement[])[] = [];
  for (let pair = 0; pair < pairs; pair += 1) {
    const worked = await machine.work(recipe, file, [`clip-${pair}/{name}.mp4`]);
    workers.push(worked);
    bares.push(await replay(machine, worked, file));
  }
  const ratios = (what: "wallSeconds" | "cpuSeconds"): readonly number[] =>
    workers.map((worked, pair) => worked[what] / total(bares[pair] ?? [], what));
  const wall = ratios("wallSeconds");
  return [
    { name: "worker: wall time", value: median(workers.map(({ wallSeconds }) => wallSeconds)), unit: "s" },
    {
      name: "bare ffmpeg: wall time",
      value: median(bares.map((calls) => total(calls, "wallSeconds"))),
      unit: "s",
    },
    {
      name: `worker against bare ffmpeg, wall time: median of ${pairs} pairs`,
      value: median(wall),
      spread: [Math.min(...wall), Math.max(...wall)],
      unit: "×",
      target: { atMost: 1.05 },
    },
    {
      name: `worker against bare ffmpeg, CPU with all children: median of ${pairs} pairs`,
      value: median(ratios("cpuSeconds")),
      spread: [Math.min(...ratios("cpuSeconds")), Math.max(...ratios("cpuSeconds"))],
      unit: "×",
    },
    {
      name: "worker: memory of Node",
      value: Math.max(...workers.map(({ peakBytes }) => peakBytes)) / 1e6,
      unit: "MB",
      target: { atMost: 100 },
    },
  ];
};

/** One process for the whole ladder against one for each rendition, by the CPU of ffmpeg alone. */
export const benchLadder = async (machine: Machine): Promise<readonly BenchResult[]> => {
  const file = await source(machine, { seconds: 8, size: "1920x1080", frameRate: 30, bitRate: 12_000 });
  const heights = [1080, 720, 480, 360];
  const cpu = async (chosen: number[]): Promise<number> => {
    const recipe = { name: "ladder", heights: chosen, segmentSeconds: 4, spriteSeconds: 5 } as const;
    const worked = await machine.work(recipe, file, [`ladder-${chosen.join("-")}/{name}/`]);
    const longest = [...(await replay(machine, worked, file))].sort((a, b) => b.cpuSeconds - a.cpuSeconds)[0];
    return longest?.cpuSeconds ?? Number.NaN;
  };
  const together = await cpu(heights);
  let apart = 0;
  for (const height of heights) apart += await cpu([height]);
  return [
    { name: "ladder: CPU in one process", value: together, unit: "s" },
    { name: "ladder: CPU in a process a rendition", value: apart, unit: "s" },
    { name: "ladder: one against many", value: together / apart, unit: "×", target: { atMost: 0.8 } },
  ];
};

/** Bytes of a 1 GB file, 20 Mbit/s, that a thumbnail from its middle reads, by the worker's own count. */
export const benchThumbnail = async (machine: Machine): Promise<readonly BenchResult[]> => {
  const short = join(machine.root, "short.mp4");
  const noise = "nullsrc=size=1280x720:rate=30:duration=4,geq=random(1)*255:128:128";
  await make(
    machine,
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
    short,
  );
  const long = join(machine.root, "long.mp4");
  const bytes = 1e9;
  await make(machine, "-stream_loop", "-1", "-i", short, "-c", "copy", "-fs", String(bytes), long);
  const worked = await machine.work({ name: "thumbnail", at: { percent: 50 } }, long, ["thumb/{name}.png"]);
  const read = /"bytesRead":(\d+)/.exec(worked.log)?.[1];
  if (read === undefined) throw new Error("The worker's log does not tell how many bytes it read.");
  return [
    {
      name: "thumbnail of a 1 GB file (20 Mbit/s): bytes read",
      value: Number(read) / 1e6,
      unit: "MB",
      target: { atMost: 15 },
    },
    { name: "thumbnail of a 1 GB file: wall time", value: worked.wallSeconds, unit: "s" },
  ];
};
