import { isOwnLimit } from "../attempts/deferral.ts";
import { isTerminal } from "../attempts/job-status.ts";
import type { Job } from "./job.ts";
import { isReadyToStart, type StartPorts, startJob } from "./start-job.ts";

/** A claimed job that is not started: until then, the router may still be starting it. Seconds. */
const graceSeconds = 60;
/** Delay of an index, with reserve, seconds: a job that was claimed before may be missing in a list. */
const indexDelaySeconds = 10;

/** A listed job that waits for its start. */
export interface WaitingJob extends Pick<Job, "id" | "attempt" | "route" | "createdAt"> {
  /** Whether its start may be tried now. */
  readonly isDue: boolean;
  /** Whether it counts in the limit of an hour already. */
  readonly hasSlot: boolean;
}

/** Keeps what the start needs of a listed job: there may be many. */
export const toWaitingJob = (job: Job, now: Date): WaitingJob => {
  const { id, attempt, route, createdAt, deferral, notBefore, updatedAt, hourSlot } = job;
  const waitsForLimit = deferral !== undefined && isOwnLimit(deferral.cause);
  const isUntouched = now.getTime() - Date.parse(updatedAt) >= graceSeconds * 1000;
  const isDue = waitsForLimit || (isReadyToStart(job, now) && (notBefore !== undefined || isUntouched));
  return { id, attempt, route, createdAt, isDue, hasSlot: hourSlot !== undefined };
};

/** Takes the first of each route in turn: no route waits for the backlog of another one. */
const takeInTurn = function* (jobs: readonly WaitingJob[]): Generator<WaitingJob> {
  const queues = new Map<string, WaitingJob[]>();
  for (const job of jobs) {
    const route = job.route ?? "";
    const queue = queues.get(route);
    if (queue === undefined) queues.set(route, [job]);
    else queue.push(job);
  }
  for (let round = 0; queues.size > 0; round += 1)
    for (const [route, queue] of queues) {
      const job = queue[round];
      if (job === undefined) queues.delete(route);
      else yield job;
    }
};

/** Options of `startWaitingJobs`. */
export interface StartWaitingOptions {
  /** False if more jobs may wait than were listed. Then no route counts as without waiting jobs. */
  readonly isListComplete: boolean;
  /** Waits for the next start that the rate allows; false if the run has no time left. */
  readonly wait: (milliseconds: number) => Promise<boolean>;
  /** True if the run has no time left. */
  readonly isOver: () => boolean;
}

/**
 * Starts waiting jobs: the oldest of each route first, the routes in turn, until a limit is reached or AWS refuses a start.
 * Then removes the marks of the routes in which no job waits.
 *
 * @param waiting the jobs that wait, oldest first, as listed at `listedAt`
 */
export const startWaitingJobs = async (
  ports: StartPorts,
  waiting: readonly WaitingJob[],
  listedAt: Date,
  { isListComplete, wait, isOver }: StartWaitingOptions,
): Promise<{ readonly started: number; readonly failed: number }> => {
  const count = { started: 0, failed: 0 };
  const [oldest] = waiting;
  // A stage without waiting jobs pays for no metric.
  if (oldest !== undefined) {
    ports.metrics.record("JobsWaiting", waiting.length);
    const oldestMs = listedAt.getTime() - Date.parse(oldest.createdAt);
    ports.metrics.record("OldestWaitingSeconds", Math.max(0, oldestMs / 1000));
  }

  let hasSlots = true;
  for (const { id, attempt, hasSlot } of takeInTurn(waiting.filter(({ isDue }) => isDue))) {
    if (isOver()) break;
    if (!hasSlots && !hasSlot) continue;
    try {
      const job = await ports.jobs.read(id);
      if (job === undefined || job.attempt !== attempt || isTerminal(job.status)) continue;
      if (!toWaitingJob(job, ports.clock.now()).isDue || job.engineJobId !== undefined) continue;
      const result = await startJob(ports, job, wait);
      if (result === "stop") break;
      if (result === "no-slot") hasSlots = false;
      if (result === "started") count.started += 1;
    } catch (cause) {
      count.failed += 1;
      ports.log.warn("Starting a job failed; the next run tries again", { jobId: id, error: cause });
    }
  }

  if (!isListComplete) return count;
  const routes = new Set(waiting.map(({ route }) => route));
  const before = new Date(listedAt.getTime() - indexDelaySeconds * 1000).toISOString();
  for (const { name } of ports.configuration.routes)
    if (!routes.has(name) && (await ports.jobs.hasBacklog(name))) await ports.jobs.clearBacklog(name, before);
  return count;
};
