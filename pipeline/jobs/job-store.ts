import type { JobStatus } from "../attempts/job-status.ts";
import type { NextAttemptOptions } from "../attempts/next-attempt.ts";
import type { AttemptReport, JobOutput, JobProgress } from "../attempts/report.ts";
import type { JobError } from "../errors/job-error.ts";
import type { Probe } from "../media/probe.ts";
import type { Job } from "./job.ts";

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Pass to the next call; absent on the last page. */
  readonly cursor?: string;
}
/** How a job ends. */
export type JobOutcome =
  | { readonly status: "Complete"; readonly outputs: readonly JobOutput[]; readonly detail: string }
  | {
      readonly status: "Error";
      readonly error: JobError;
      readonly detail: string;
      /** Only while the attempt has no report: who judged it without one may have been overtaken by its worker. */
      readonly unlessReported?: boolean;
    }
  | { readonly status: "Canceled"; readonly detail: string };

/**
 * The `jobs` table. Every change is one conditional write on one item (docs/decisions/0003-conditional-writes.md); a
 * change whose condition does not hold answers false or undefined and leaves the item as it is.
 */
export interface JobStore {
  /** Writes the job unless its id exists; answers the stored one, and whether it is this call's. */
  claim(job: Job): Promise<{ readonly claimed: boolean; readonly job: Job }>;
  read(id: string): Promise<Job | undefined>;
  /** Notes the task or transcoder job of an attempt, while the job is not terminal and the attempt is current. */
  recordStart(id: string, attempt: number, engineJobId: string): Promise<boolean>;
  /**
   * The worker takes the attempt (Submitted or Progressing, no other worker of this attempt): Progressing. Answers the
   * same when it is called again by the worker that holds the attempt.
   */
  begin(id: string, attempt: number, workerId: string): Promise<Job | undefined>;
  /** Only by the holder, only while Progressing, never lowering the per cent. */
  recordProgress(
    id: string,
    attempt: number,
    workerId: string,
    progress: JobProgress,
    probe?: Probe,
  ): Promise<boolean>;
  /** Progress of a job whose engine keeps its own record (elastic-transcoder); Submitted becomes Progressing. */
  recordEngineProgress(id: string, attempt: number, progress: JobProgress): Promise<boolean>;
  /**
   * The outputs of an attempt whose engine keeps its own record (elastic-transcoder) are published: from now on the job
   * cannot be cancelled. False where the job is terminal or the attempt is not current.
   */
  markPublished(id: string, attempt: number): Promise<boolean>;
  /**
   * The result of an attempt: one, which no later call changes. True, too, when the record holds this very report of
   * this worker already, so a call whose answer was lost can be repeated.
   */
  recordReport(id: string, attempt: number, workerId: string, report: AttemptReport): Promise<boolean>;
  /** Ends the current attempt and opens the next: Submitted, no worker, no engine job, not before the time. */
  scheduleNextAttempt(
    id: string,
    attempt: number,
    notBefore: string,
    detail: string,
    options?: NextAttemptOptions,
  ): Promise<Job | undefined>;
  /** The terminal write; undefined where the job is terminal already or the attempt is not current. */
  closeJob(id: string, attempt: number, outcome: JobOutcome): Promise<Job | undefined>;
  /**
   * Canceled, whatever the attempt; undefined where the job is terminal already, or its worker has reported success:
   * its outputs are published, and the job ends as Complete.
   */
  cancel(id: string, detail: string): Promise<Job | undefined>;
  /** An operator's retry of an Error or Canceled job: Submitted, next attempt, limit three attempts on. */
  reopen(id: string, attempt: number, detail: string): Promise<Job | undefined>;
  markNotified(id: string, attempt: number): Promise<boolean>;
  /** Newest first. */
  list(status: JobStatus, options?: { readonly limit?: number; readonly cursor?: string }): Promise<JobPage>;
  /** Oldest first, every page: for the reconciler. */
  listAll(status: JobStatus): AsyncIterable<Job>;
  /** Terminal jobs whose notification is not marked, oldest first. */
  listUnnotified(): AsyncIterable<Job>;
  findBySource(bucket: string, key: string): Promise<readonly Job[]>;
  findByEngineJobId(engineJobId: string): Promise<Job | undefined>;
  /** Counts one start in the hour (`2026-11-21T03`); false where the limit is reached. */
  takeHourlySlot(hour: string, limit: number): Promise<boolean>;
}
