import { priceTable } from "./price-table.ts";
import { encodingCpuSecondsPerMinute, taskOverheadSeconds } from "./stage-price.ts";
import { type BilledTask, computeTaskUsdPerHour } from "./task-price.ts";

/** Names of the recipes that cost time for each minute of the source, and of those that do not. */
export type EstimatedRecipe =
  | "transcode"
  | "watermark"
  | "ladder"
  | "clip"
  | "frames"
  | "audio"
  | "thumbnail"
  | "image";

/** A range of what uploads cost, US dollars. */
export interface CostEstimate {
  readonly minUsd: number;
  readonly maxUsd: number;
  /** What the range rests on, one sentence each. */
  readonly assumptions: readonly string[];
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Fargate bills at least a minute of each task. */
const minBilledSeconds = 60;
const { synthetic, camera } = encodingCpuSecondsPerMinute;

/** Bit rates between which sources are expected, Mbit/s. The duration of an upload is not known before its probe. */
const sourceMbps: Range = { min: 2, max: 20 };

/**
 * CPU time of one minute of the source, as a multiple of the time for one output of 720p. A watermark takes 40 % more
 * (measured); the others are rough: the four default renditions of a ladder have four times the pixels of 720p.
 */
const encodingShare: Readonly<Record<EstimatedRecipe, Range>> = {
  transcode: { min: 1, max: 1 },
  watermark: { min: 1.4, max: 1.4 },
  ladder: { min: 3, max: 5 },
  clip: { min: 0, max: 1 },
  frames: { min: 0.1, max: 0.5 },
  audio: { min: 0, max: 0.1 },
  thumbnail: { min: 0, max: 0 },
  image: { min: 0, max: 0 },
};

const computeTaskSeconds = (bytes: number, mbps: number, cpuSecondsPerMinute: number, vcpus: number) => {
  const minutes = (bytes * 8) / (mbps * 1e6) / 60;
  return Math.max(minBilledSeconds, taskOverheadSeconds + (minutes * cpuSecondsPerMinute) / vcpus);
};

/**
 * Estimates what the tasks of uploads cost at list prices, one task for each upload.
 *
 * @param sizes bytes of each upload
 */
export const estimateBackfill = (
  sizes: Iterable<number>,
  recipe: EstimatedRecipe,
  task: BilledTask,
): CostEstimate => {
  const share = encodingShare[recipe];
  const vcpus = task.cpu / 1024;
  const total = { min: 0, max: 0 };
  for (const bytes of sizes) {
    total.min += computeTaskSeconds(bytes, sourceMbps.max, share.min * synthetic, vcpus);
    total.max += computeTaskSeconds(bytes, sourceMbps.min, share.max * camera, vcpus);
  }
  const usdPerSecond = computeTaskUsdPerHour(task) / 3600;
  const encodes = share.max > 0;
  return {
    minUsd: total.min * usdPerSecond,
    maxUsd: total.max * usdPerSecond,
    assumptions: [
      `Fargate on demand at list prices of ${priceTable.region} (${priceTable.asOf}), ${vcpus} vCPU and ${task.memory / 1024} GB for recipe ${recipe}; storage, requests and data transfer are not counted`,
      `each task is billed for at least ${minBilledSeconds} s, of which its start takes ${taskOverheadSeconds} s`,
      ...(encodes
        ? [
            `sources of ${sourceMbps.min} to ${sourceMbps.max} Mbit/s: the duration is not known before a job probes its source`,
            `${Math.round(share.min * synthetic)} to ${Math.round(share.max * camera)} s of CPU time for each minute of a source`,
          ]
        : ["the duration of the source does not count"]),
    ],
  };
};
