import type { JobDetails, JobDocument } from "../../pipeline/api/job-document.ts";
import type { JobsClient } from "../../pipeline/api/jobs-client.ts";
import { isTerminal, type JobStatus } from "../../pipeline/attempts/job-status.ts";
import { CommandError, formatError, UsageError } from "../../pipeline/errors/errors.ts";
import { toPrintable } from "../../pipeline/text/format.ts";
import { createConfirmPrompt } from "../confirm.ts";
import { openDisplay } from "../render/display.ts";
import { renderJobCounts } from "../render/job-counts.ts";
import { onStopSignal } from "../signals.ts";
import { collectJobs, type JobFilterOptions, toJobFilter } from "./collect-jobs.ts";
import { type JobsLocation, openJobs } from "./open-jobs.ts";

/** Options of a command that changes one job, or all that match filters. */
export interface BulkOptions extends JobsLocation, JobFilterOptions {
  readonly limit?: number;
  readonly yes?: true;
  readonly json?: true;
}

/** What a command does to jobs. */
export interface JobOperation {
  /** Imperative, e.g. `retry`. */
  readonly verb: string;
  /** Past participle, e.g. `retried`. */
  readonly participle: string;
  /** Statuses of the jobs that it can change. */
  readonly statuses: readonly JobStatus[];
  /** Statuses that are selected without `--status`. */
  readonly defaultStatuses: readonly JobStatus[];
  /** Why a job that matches is left out; undefined: it is changed. */
  readonly findExclusion?: (job: JobDocument) => string | undefined;
  readonly change: (client: JobsClient, id: string) => Promise<JobDetails>;
}

interface FailedJob {
  readonly id: string;
  readonly message: string;
}

/** Maximum number of jobs that one run changes. */
const maxJobs = 100_000;
/** Jobs that are changed at a time. */
const concurrency = 10;
/** Failed jobs that are listed; the others are counted. */
const maxListedFailures = 20;
/** Changed jobs per line of progress without a terminal. */
const jobsPerLine = 1000;

const formatJobs = (count: number): string => `${count} ${count === 1 ? "job" : "jobs"}`;
const writeLine = (line: string): void => {
  process.stderr.write(`${toPrintable(line)}\n`);
};

const changeOne = async (id: string, options: BulkOptions, operation: JobOperation): Promise<void> => {
  const job = await operation.change(await openJobs(options), id);
  const attempt = isTerminal(job.status) ? "" : `, attempt ${job.attempt}`;
  process.stdout.write(
    options.json
      ? `${JSON.stringify(job, null, 2)}\n`
      : `${toPrintable(`${job.source.key}: ${job.status}${attempt}`)}\n`,
  );
};

/** Reads the jobs that match, newest first, and counts those that are left out by reason. */
const selectJobs = async (client: JobsClient, options: BulkOptions, operation: JobOperation) => {
  const { status, limit = maxJobs } = options;
  const jobs: JobDocument[] = [];
  const excluded = new Map<string, number>();
  for (const one of status === undefined ? operation.defaultStatuses : [status]) {
    const filter = { ...toJobFilter(options), status: one };
    for (const job of (await collectJobs(client, filter, maxJobs)).jobs) {
      const reason = operation.findExclusion?.(job);
      if (reason === undefined) jobs.push(job);
      else excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
    }
  }
  jobs.sort((a, b) => Number(a.createdAt < b.createdAt) - Number(a.createdAt > b.createdAt));
  return { jobs: jobs.slice(0, limit), excluded };
};

/** Changes the jobs, ten at a time. A stop signal ends it after the changes that have begun. */
const changeAll = async (
  client: JobsClient,
  ids: readonly string[],
  { participle, change }: JobOperation,
  stop: AbortSignal,
): Promise<{ readonly changedIds: readonly string[]; readonly failed: readonly FailedJob[] }> => {
  const changedIds: string[] = [];
  const failed: FailedJob[] = [];
  const display = await openDisplay(process.stderr);
  const show = (): void => {
    const count = changedIds.length + failed.length;
    const line = `${count} of ${formatJobs(ids.length)} ${participle}`;
    display.update(line, count % jobsPerLine === 0 && count > 0 ? [line] : []);
  };
  const queue = ids.values();
  const changeInTurn = async (): Promise<void> => {
    for (const id of queue) {
      if (stop.aborted) return;
      try {
        await change(client, id);
        changedIds.push(id);
      } catch (cause) {
        failed.push({ id, message: formatError(cause) });
      }
      show();
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, changeInTurn));
  } finally {
    display.close();
  }
  return { changedIds, failed };
};

const changeMatching = async (options: BulkOptions, operation: JobOperation): Promise<void> => {
  const { verb, participle, statuses } = operation;
  if (options.status !== undefined && !statuses.includes(options.status))
    throw new UsageError(
      `Jobs with status ${options.status} cannot be ${participle}. Use --status ${statuses.join(" or --status ")}.`,
    );
  const stop = new AbortController();
  // Before the jobs are read: without a terminal, the question fails at once.
  const confirm = createConfirmPrompt(
    options.yes === true,
    stop.signal,
    `See the jobs with: npx reelway jobs${options.stage === undefined ? "" : ` --stage ${options.stage}`}`,
  );
  const removeListener = onStopSignal(() => stop.abort());
  try {
    const client = await openJobs(options);
    const { jobs, excluded } = await selectJobs(client, options, operation);
    const writeJson = (changed: readonly string[], failed: readonly FailedJob[]): void => {
      if (options.json)
        process.stdout.write(`${JSON.stringify({ [participle]: changed, failed }, null, 2)}\n`);
    };
    for (const [reason, count] of excluded) writeLine(`Left out: ${formatJobs(count)}, ${reason}`);
    if (jobs.length === 0) {
      writeLine(`No job to ${verb} matches the filters. No action needed.`);
      writeJson([], []);
      return;
    }
    process.stderr.write(renderJobCounts(jobs));
    if (!(await confirm(`${verb[0]?.toUpperCase()}${verb.slice(1)} ${formatJobs(jobs.length)}?`)))
      throw new CommandError(`No job was ${participle}.`);
    const ids = jobs.map(({ id }) => id);
    const { changedIds, failed } = await changeAll(client, ids, operation, stop.signal);
    writeJson(changedIds, failed);
    for (const { id, message } of failed.slice(0, maxListedFailures)) writeLine(`${id}: ${message}`);
    if (failed.length > maxListedFailures)
      writeLine(`${formatJobs(failed.length - maxListedFailures)} more failed; --json lists them all.`);
    const rest = ids.length - changedIds.length - failed.length;
    writeLine(`${formatJobs(changedIds.length)} ${participle}, ${failed.length} failed.`);
    if (rest > 0)
      throw new CommandError(
        `The command was stopped: ${formatJobs(rest)} did not change. Run it again to continue.`,
      );
    if (failed.length > 0)
      throw new CommandError(`${failed.length} of ${formatJobs(ids.length)} were not ${participle}.`);
  } finally {
    removeListener();
  }
};

/**
 * Changes the job with an id and prints its status, or changes all jobs that match the filters, after a question.
 *
 * @throws UsageError without an id and a filter, or with both; CommandError if a job was not changed
 */
export const changeJobs = async (
  id: string | undefined,
  options: BulkOptions,
  operation: JobOperation,
): Promise<void> => {
  const hasFilter = Object.keys(toJobFilter(options)).length > 0;
  if (id !== undefined && (hasFilter || options.limit !== undefined))
    throw new UsageError("Use either an id, or filters, but not both.");
  if (id !== undefined) return changeOne(id, options, operation);
  if (!hasFilter)
    throw new UsageError(
      `Select the jobs to ${operation.verb}: an id, or at least one of --status, --route, --error-code, --since and --until.`,
    );
  return changeMatching(options, operation);
};
