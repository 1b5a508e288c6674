import type { NextAttemptOptions } from "../../attempts/next-attempt.ts";
import type { AttemptReport, JobProgress } from "../../attempts/report.ts";
import type { JobError } from "../../errors/job-error.ts";
import type { Probe } from "../../media/probe.ts";
import type { Preset } from "../presets/preset.ts";
import type { Pipeline, TranscoderJob, TranscoderOutput, TranscoderPlaylist } from "./job.ts";

/** Terminal state of a job, with the final states of its outputs and playlists. */
export type TranscoderJobOutcome = {
  readonly outputs: readonly TranscoderOutput[];
  readonly playlists: readonly TranscoderPlaylist[];
} & (
  | { readonly status: "Complete" }
  | {
      readonly status: "Error";
      readonly error: JobError;
      readonly statusDetail: string;
      /** Only if the attempt has no report: its worker may have written one since the record was read. */
      readonly unlessReported?: boolean;
    }
);
/** One page of a list, ordered by creation time. */
export interface TranscoderPage<Entry> {
  readonly entries: readonly Entry[];
  /** Pass to the next call; absent on the last page. */
  readonly cursor?: string;
}
export interface TranscoderPageRequest {
  /** Oldest first. */
  readonly ascending: boolean;
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * The `transcoder` table. Each change is one conditional write on one item and returns undefined if its condition
 * fails. `read` and the pages return jobs with the progress of their workers.
 */
export interface TranscoderStore {
  /** Writes the job unless its id exists. Returns the stored job. */
  create(job: TranscoderJob): Promise<TranscoderJob>;
  read(id: string): Promise<TranscoderJob | undefined>;
  /** Records the task of an attempt if the job is not closed and the attempt is current. */
  recordTask(id: string, attempt: number, taskId: string): Promise<TranscoderJob | undefined>;
  /** Claims the attempt for a worker and sets Progressing. Returns the same if the worker that holds it calls again. */
  begin(id: string, attempt: number, workerId: string): Promise<TranscoderJob | undefined>;
  /** Records progress in an item of its own, as in `JobStore`. */
  recordProgress(id: string, attempt: number, workerId: string, progress: JobProgress): Promise<boolean>;
  /** Records the probe of the source, or that publishing begins, in the job's record, as in `JobStore`. */
  recordPhase(
    id: string,
    attempt: number,
    workerId: string,
    progress: JobProgress,
    probe?: Probe,
  ): Promise<boolean>;
  /** Records the report of an attempt, once. The worker that wrote it can repeat the call, as in `JobStore`. */
  recordReport(id: string, attempt: number, workerId: string, report: AttemptReport): Promise<boolean>;
  /** Closes the current attempt and schedules the next, not before a time (ISO 8601). */
  scheduleNextAttempt(
    id: string,
    attempt: number,
    notBefore: string,
    detail: string,
    options?: NextAttemptOptions,
  ): Promise<TranscoderJob | undefined>;
  closeJob(id: string, attempt: number, outcome: TranscoderJobOutcome): Promise<TranscoderJob | undefined>;
  /** Sets Canceled, only if the job is Submitted and not started. */
  cancel(id: string): Promise<TranscoderJob | undefined>;
  markNotified(id: string, attempt: number): Promise<boolean>;
  /** Marks the start notification of the current attempt as sent. */
  markStartNotified(id: string, attempt: number): Promise<boolean>;
  /** Jobs of a pipeline without a task, oldest first. */
  listPending(pipelineId: string): AsyncIterable<TranscoderJob>;
  /** Jobs of a pipeline that have a task and are not closed, oldest first. */
  listRunning(pipelineId: string): AsyncIterable<TranscoderJob>;
  listByPipeline(pipelineId: string, page: TranscoderPageRequest): Promise<TranscoderPage<TranscoderJob>>;
  listByStatus(
    status: TranscoderJob["status"],
    page: TranscoderPageRequest,
  ): Promise<TranscoderPage<TranscoderJob>>;
  /** Closed jobs that are not marked as notified. */
  listUnnotified(): AsyncIterable<TranscoderJob>;
  /** Returns false if a pipeline with this id exists. */
  createPipeline(pipeline: Pipeline): Promise<boolean>;
  readPipeline(id: string): Promise<Pipeline | undefined>;
  /**
   * Applies a change to the current pipeline, retried on concurrent changes. Returns undefined if it does not exist.
   */
  updatePipeline(id: string, change: (pipeline: Pipeline) => Pipeline): Promise<Pipeline | undefined>;
  /** Returns false if it does not exist. */
  deletePipeline(id: string): Promise<boolean>;
  listPipelines(page: TranscoderPageRequest): Promise<TranscoderPage<Pipeline>>;
  listAllPipelines(): AsyncIterable<Pipeline>;
  /** Returns false if a preset with this id exists. */
  createPreset(preset: Preset): Promise<boolean>;
  readPreset(id: string): Promise<Preset | undefined>;
  /** Returns false if it does not exist. */
  deletePreset(id: string): Promise<boolean>;
  listPresets(page: TranscoderPageRequest): Promise<TranscoderPage<Preset>>;
}
