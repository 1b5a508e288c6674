import type { Deferral } from "../attempts/deferral.ts";
import type { JobStatus } from "../attempts/job-status.ts";
import type { NextAttemptOptions } from "../attempts/next-attempt.ts";
import type { AttemptReport, JobOutput, JobProgress } from "../attempts/report.ts";
import type { JobSource } from "../attempts/source.ts";
import type { JobError } from "../errors/job-error.ts";
import type { Probe } from "../media/probe.ts";
import type { Job, Specification } from "./job.ts";

export interface JobPage {
  readonly jobs: readonly Job[];
  /** Pass to the next call; absent on the last page. */
  readonly cursor?: string;
}
/** Terminal state of a job. */
export type JobOutcome =
  | { readonly status: "Complete"; readonly outputs: readonly JobOutput[]; readonly detail: string }
  | {
      readonly status: "Error";
      readonly error: JobError;
      readonly detail: string;
      /** Only if the attempt has no report: its worker may have written one since the record was read. */
      readonly unlessReported?: boolean;
    }
  | { readonly status: "Canceled"; readonly detail: string };

/**
 * The `jobs` table. Each change is one conditional write on one item (docs/decisions/0003-conditional-writes.md). If
 * the condition fails, the change returns false or undefined and the item is unchanged. The progress of a worker is in an
 * item of its own. All reads and lists of jobs return it with the job, whose `updatedAt` is the later one of both.
 */
export interface JobStore {
  /** Writes the job unless its id exists. Returns the stored job, and whether this call wrote it. */
  claim(job: Job): Promise<{ readonly claimed: boolean; readonly job: Job }>;
  read(id: string): Promise<Job | undefined>;
  /** Records the task or transcoder job of an attempt, if the job is not closed and the attempt is current. */
  recordStart(id: string, attempt: number, engineJobId: string): Promise<boolean>;
  /**
   * Claims the attempt for a worker and sets Progressing, if no other worker holds it. Returns the same if the worker
   * that holds it calls again.
   */
  begin(id: string, attempt: number, workerId: string): Promise<Job | undefined>;
  /**
   * Only for the worker that holds the attempt and while Progressing, which are read first. The percentage never
   * decreases within an attempt.
   */
  recordProgress(id: string, attempt: number, workerId: string, progress: JobProgress): Promise<boolean>;
  /**
   * Records the probe of the source, or that publishing begins, in the job's record itself, under the same conditions as
   * `recordProgress`. It costs many times more, because the record is in indexes.
   */
  recordPhase(
    id: string,
    attempt: number,
    workerId: string,
    progress: JobProgress,
    probe?: Probe,
  ): Promise<boolean>;
  /**
   * Sets an attempt with the engine elastic-transcoder, whose transcoder job has begun, to Progressing. Returns false if
   * the job is not Submitted or the attempt is not current.
   */
  markProgressing(id: string, attempt: number): Promise<boolean>;
  /**
   * Marks the outputs of an attempt with the engine elastic-transcoder as published, after which the job cannot be
   * canceled. Returns false if the job is closed or the attempt is not current.
   */
  markPublished(id: string, attempt: number): Promise<boolean>;
  /**
   * Records the report of an attempt. Later calls do not change it. Also returns true if the record already has this
   * report of this worker, so that a call can be repeated after a lost response.
   */
  recordReport(id: string, attempt: number, workerId: string, report: AttemptReport): Promise<boolean>;
  /**
   * Closes the current attempt and schedules the next: Submitted, no worker, no engine job, not before a time (ISO
   * 8601).
   */
  scheduleNextAttempt(
    id: string,
    attempt: number,
    notBefore: string,
    detail: string,
    options?: NextAttemptOptions,
  ): Promise<Job | undefined>;
  /**
   * Records why the current attempt, which is not started, waits, and until when (ISO 8601). The history gets an entry
   * only if the cause or the reason is new. Returns undefined if the attempt was started or is not current.
   */
  defer(
    id: string,
    attempt: number,
    wait: { readonly deferral: Deferral; readonly notBefore: string; readonly detail: string },
  ): Promise<Job | undefined>;
  /**
   * Completes a job whose source could not be read when it was claimed. Returns undefined if the attempt was started or
   * is not current.
   */
  completeSource(
    id: string,
    attempt: number,
    upload: {
      readonly source: JobSource;
      readonly specification: Specification;
      readonly ownerId: string | undefined;
    },
  ): Promise<Job | undefined>;
  /** Records the hour in whose limit the job counts. Returns false if it counts already or the attempt is not current. */
  recordSlot(id: string, attempt: number, hour: string): Promise<boolean>;
  /** Closes the job. Returns undefined if it is already closed or the attempt is not current. */
  closeJob(id: string, attempt: number, outcome: JobOutcome): Promise<Job | undefined>;
  /**
   * Sets Canceled for any attempt. Returns undefined if the job is closed or its worker has reported success: then the
   * outputs are published and the job will be Complete.
   */
  cancel(id: string, detail: string): Promise<Job | undefined>;
  /** Operator's retry of an Error or Canceled job: Submitted, next attempt, with three more attempts allowed. */
  reopen(id: string, attempt: number, detail: string): Promise<Job | undefined>;
  markNotified(id: string, attempt: number): Promise<boolean>;
  /** Deletes the record of a closed job. Returns false if the job is open; true if it does not exist. */
  remove(id: string): Promise<boolean>;
  /**
   * Newest first. A job whose status moves on during the call is listed once, and not at all if its new status is none of
   * these: a page can then have fewer jobs than `limit`, although a cursor follows. Rejects with a `StoreFailure` of kind
   * `invalid` if the cursor is not valid.
   *
   * @param status one status, or several in the order that jobs pass through them
   */
  list(
    status: JobStatus | readonly JobStatus[],
    options?: { readonly limit?: number; readonly cursor?: string },
  ): Promise<JobPage>;
  /** Jobs of one owner, newest first, like `list`. */
  listByOwner(
    ownerId: string,
    options?: { readonly limit?: number; readonly cursor?: string },
  ): Promise<JobPage>;
  /** Jobs of the versions of one key, newest first, like `list`. A new job appears after the delay of the index. */
  listBySource(
    source: { readonly bucket: string; readonly key: string },
    options?: { readonly limit?: number; readonly cursor?: string },
  ): Promise<JobPage>;
  /** All jobs of a status, oldest first. */
  listAll(status: JobStatus): AsyncIterable<Job>;
  /** Closed jobs that are not marked as notified, oldest first. */
  listUnnotified(): AsyncIterable<Job>;
  findBySource(bucket: string, key: string): Promise<readonly Job[]>;
  findByEngineJobId(engineJobId: string): Promise<Job | undefined>;
  /** Marks that jobs of a route wait because of a limit, so that newer jobs wait for their turn. */
  markBacklog(route: string): Promise<void>;
  hasBacklog(route: string): Promise<boolean>;
  /** Removes the mark, unless it was set again at this time (ISO 8601) or later. */
  clearBacklog(route: string, before: string): Promise<void>;
  /** Which of these ids have a record. Eventually consistent. */
  findExisting(ids: readonly string[]): Promise<ReadonlySet<string>>;
  /** Counts one job in the hour (`2026-11-21T03`). Returns false if the limit is reached. */
  takeHourlySlot(hour: string, limit: number): Promise<boolean>;
}
