import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import type { BenchEnvironment } from "./environment.ts";
import { measure } from "./measure.ts";
import { makeMixedRecording, mixedAppearances, mixedSeconds } from "./mixed-recording.ts";
import { measureTreeMemory } from "./process-tree.ts";
import type { BenchResult } from "./result.ts";

const backtestSchema = z.object({
  recall: z.number(),
  detections: z.number(),
  detectionsPerHour: z.number(),
});

/** What a detector without errors finds at each change of the truth. */
const buildDetections = () => ({
  frames: [0, ...mixedAppearances.flatMap(({ start, end }) => [start, end])]
    .toSorted((first, second) => first - second)
    .map((time) => ({
      time,
      labels: mixedAppearances
        .filter(({ start, end }) => time >= start && time < end)
        .map(({ label }) => ({ name: label, confidence: 90 })),
    })),
});

/** Times of the frames that a fixed rule would detect: each one whose scene score is above 10 %. Seconds. */
const listSceneChanges = async (ffmpeg: string, manifest: string): Promise<readonly number[]> => {
  const { log } = await measure([
    ...[ffmpeg, "-hide_banner", "-nostdin", "-i", manifest, "-an"],
    ...["-vf", "select='gt(scene,0.1)',showinfo", "-f", "null", "-"],
  ]);
  return [...log.matchAll(/ pts_time:(\S+)/g)].map(([, time]) => Number(time));
};

/** Watches a mixed recording of ten minutes with a detector that costs nothing. */
export const benchHighlights = async ({
  root,
  programs,
}: BenchEnvironment): Promise<readonly BenchResult[]> => {
  const folder = join(root, "highlights");
  const recording = join(folder, "recording");
  await mkdir(folder);
  await makeMixedRecording(programs.ffmpeg, recording);
  const [truth, detections] = [join(folder, "truth.json"), join(folder, "detections.json")];
  await writeFile(truth, JSON.stringify({ appearances: mixedAppearances }));
  await writeFile(detections, JSON.stringify(buildDetections()));
  const { result, peakBytes } = await measureTreeMemory(
    () =>
      measure([
        ...[process.execPath, "cli/bin.js", "highlights", "backtest", recording],
        ...["--truth", truth, "--detections", detections, "--json"],
      ]),
    (commandLine) => !commandLine.includes("measure.cjs"),
  );
  const found = backtestSchema.parse(
    JSON.parse(result.log.slice(result.log.indexOf("{\n"), result.log.lastIndexOf("\n}") + 2)),
  );
  const changes = await listSceneChanges(programs.ffmpeg, join(recording, "index.m3u8"));
  const foundByChanges = mixedAppearances.filter(({ start, end }) =>
    changes.some((time) => time >= start && time < end),
  );
  return [
    {
      name: "highlights: seconds of a channel per CPU second",
      value: mixedSeconds / result.cpuSeconds,
      unit: "s",
    },
    {
      name: "highlights: detections an hour of a mixed recording",
      value: found.detectionsPerHour,
      unit: "detections",
    },
    {
      name: "highlights: detections relative to one for each frame with a scene score above 10 %",
      value: found.detections / changes.length,
      unit: "×",
      target: { atMost: 0.5 },
    },
    {
      name: "highlights: recall of that rule relative to the watcher's",
      value: foundByChanges.length / mixedAppearances.length / found.recall,
      unit: "×",
      target: { atMost: 1 },
    },
    {
      name: "highlights: peak memory of the watcher with its child processes",
      value: peakBytes / 2 ** 20,
      unit: "MiB",
      target: { atMost: 512 },
    },
  ];
};
