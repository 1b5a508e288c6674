import { isTerminal } from "../attempts/job-status.ts";
import { type BilledTask, listTaskPrices, type TaskPrice } from "../prices/task-price.ts";
import type { TaskSizes } from "../routing/task-sizes.ts";
import type { Job } from "./job.ts";

/** What the tasks of a stage run on. */
export interface WorkerHardware extends Omit<BilledTask, "cpu" | "memory"> {
  readonly capacityProvider: "FARGATE" | "FARGATE_SPOT";
}

type CostedJob = Pick<
  Job,
  "engine" | "recipe" | "status" | "attempt" | "history" | "startedAt" | "finishedAt"
>;

/** The time in which the worker of an attempt ran. */
export interface AttemptRun {
  readonly attempt: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; absent while it runs. */
  readonly endedAt?: string;
}

/**
 * Lists the runs of a job's worker, oldest first, by its history. The history of a job of the transcoder has no starts:
 * only the current attempt is known, from its transcoder job.
 */
export const listAttemptRuns = (job: CostedJob): readonly AttemptRun[] => {
  const { engine, status, attempt, history, startedAt, finishedAt } = job;
  if (engine === "elastic-transcoder") {
    if (startedAt === undefined || status === "Submitted") return [];
    return [
      {
        attempt,
        startedAt,
        ...(isTerminal(status) && finishedAt !== undefined ? { endedAt: finishedAt } : {}),
      },
    ];
  }
  return history.flatMap((entry, index) => {
    if (entry.status !== "Progressing") return [];
    const end = history[index + 1];
    return [
      {
        attempt: entry.attempt,
        startedAt: entry.at,
        ...(end === undefined ? {} : { endedAt: end.at }),
      },
    ];
  });
};

/** Fargate bills by the second, with a minimum of one minute. */
const minBilledSeconds = 60;

/** Estimated cost of a job so far. All amounts are US dollars at list prices. */
export interface JobCost {
  readonly usd: number;
  readonly attempts: readonly (AttemptRun & { readonly billedSeconds: number; readonly usd: number })[];
  /** What all attempts cost, by resource. */
  readonly resources: readonly (TaskPrice & { readonly usd: number })[];
}

/** To a millionth of a dollar. */
const round = (usd: number): number => Math.round(usd * 1e6) / 1e6;

/**
 * Estimates what the tasks of a job have cost so far: task size × run time × price on demand. The time before the worker
 * starts, in which the image is pulled, is not known and left out. The size is that of the recipe today.
 */
export const estimateJobCost = (
  job: CostedJob,
  hardware: Omit<BilledTask, "cpu" | "memory">,
  taskSizes: TaskSizes,
  now: Date,
): JobCost => {
  const prices = job.recipe === null ? [] : listTaskPrices({ ...hardware, ...taskSizes[job.recipe] });
  const usdPerHour = prices.reduce((sum, price) => sum + price.quantity * price.usdPerHour, 0);
  const attempts = listAttemptRuns(job).map((run) => {
    const runMs =
      (run.endedAt === undefined ? now.getTime() : Date.parse(run.endedAt)) - Date.parse(run.startedAt);
    const billedSeconds = Math.max(minBilledSeconds, Math.ceil(runMs / 1000));
    return { ...run, billedSeconds, usd: round((billedSeconds / 3600) * usdPerHour) };
  });
  const hours = attempts.reduce((sum, { billedSeconds }) => sum + billedSeconds, 0) / 3600;
  return {
    usd: round(hours * usdPerHour),
    attempts,
    resources: prices.map((price) => ({ ...price, usd: round(hours * price.quantity * price.usdPerHour) })),
  };
};
