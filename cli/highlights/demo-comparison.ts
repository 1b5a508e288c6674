import type { ListedJob } from "../../pipeline/api/job-document.ts";
import type { Appearance } from "../../pipeline/highlights/appearance.ts";
import { evaluateAppearances } from "../../pipeline/highlights/evaluation.ts";
import { demoAppearances, demoFrameRate, demoSeconds } from "../../runtime/highlights/demo-channel.ts";
import type { Runtime } from "../../runtime/runtime.ts";

/** The clip of an appearance. */
export interface DemoClip {
  /** Absolute path of the MP4 file. */
  readonly path: string;
  readonly durationSeconds: number;
}
/** A true and a found appearance; seconds from the start of the channel. One of both may be missing. */
export interface DemoAppearance {
  readonly label: string;
  readonly trueStart: number | null;
  readonly trueEnd: number | null;
  readonly start: number | null;
  readonly end: number | null;
  readonly clip: DemoClip | null;
}
/** The found appearances beside the true ones. */
export interface DemoComparison {
  /** In order of their start. */
  readonly appearances: readonly DemoAppearance[];
  /** Whether exactly the true appearances were found, each within one frame and with a clip. */
  readonly isExact: boolean;
}

/** Reads a job of a runtime; undefined if it does not exist. */
export const readJob = async ({ control }: Runtime, id: string): Promise<ListedJob | undefined> => {
  const found = await control.find(id);
  return found.kind === "job" ? found : undefined;
};

const findClip = async (runtime: Runtime, { clipJobId }: Appearance): Promise<DemoClip | null> => {
  const listedJob = clipJobId === undefined ? undefined : await readJob(runtime, clipJobId);
  if (listedJob?.job.status !== "Complete") return null;
  await runtime.linkOutputs(listedJob.job);
  const output = listedJob.job.outputs.find(({ key }) => key.endsWith(".mp4"));
  const path = output && listedJob.paths[output.key];
  return path === undefined ? null : { path, durationSeconds: output?.durationSeconds ?? 0 };
};

/** Removes the rounding errors of epoch seconds. */
const roundSeconds = (seconds: number): number => Math.round(seconds * 1e4) / 1e4;

/** Compares the found appearances with the true ones. */
export const compareAppearances = async (
  runtime: Runtime,
  appearances: readonly Appearance[],
  startMs: number,
): Promise<DemoComparison> => {
  const found = appearances.flatMap((appearance) => {
    const { label, start, end } = appearance;
    if (end === undefined) return [];
    const toSeconds = (time: number): number => roundSeconds(time - startMs / 1000);
    return [{ appearance, label, start: toSeconds(start.time), end: toSeconds(end.time) }];
  });
  const evaluation = evaluateAppearances(found, demoAppearances, {
    durationSeconds: demoSeconds,
    frameRate: demoFrameRate,
    detections: 0,
    usd: 0,
  });
  const missed = new Set(demoAppearances.keys());
  const rows: DemoAppearance[] = [];
  for (const [index, { appearance, label, start, end }] of found.entries()) {
    const match = evaluation.appearances[index]?.matches ?? null;
    if (match !== null) missed.delete(match);
    const period = match === null ? undefined : demoAppearances[match];
    rows.push({
      label: period?.label ?? label,
      trueStart: period?.start ?? null,
      trueEnd: period?.end ?? null,
      start,
      end,
      clip: await findClip(runtime, appearance),
    });
  }
  for (const index of missed) {
    const period = demoAppearances[index];
    if (period !== undefined)
      rows.push({
        label: period.label,
        trueStart: period.start,
        trueEnd: period.end,
        start: null,
        end: null,
        clip: null,
      });
  }
  const { precision, recall, edgeErrorFrames } = evaluation;
  return {
    appearances: rows.toSorted((a, b) => (a.trueStart ?? a.start ?? 0) - (b.trueStart ?? b.start ?? 0)),
    isExact:
      precision === 1 &&
      recall === 1 &&
      (edgeErrorFrames.max ?? 0) <= 1 &&
      rows.every(({ clip }) => clip !== null),
  };
};
