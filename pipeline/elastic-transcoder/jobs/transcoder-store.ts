import type { NextAttemptOptions } from "../../attempts/next-attempt.ts";
import type { AttemptReport, JobProgress } from "../../attempts/report.ts";
import type { JobError } from "../../errors/job-error.ts";
import type { Probe } from "../../media/probe.ts";
import type { Preset } from "../presets/preset.ts";
import type { Pipeline, TranscoderJob, TranscoderOutput, TranscoderPlaylist } from "./job.ts";

/** How a job ends, with the last states of its outputs and playlists. */
export type TranscoderJobOutcome = {
  readonly outputs: readonly TranscoderOutput[];
  readonly playlists: readonly TranscoderPlaylist[];
} & (
  | { readonly status: "Complete" }
  | {
      readonly status: "Error";
      readonly error: JobError;
      readonly statusDetail: string;
      /** Only while the attempt has no report: who judged it without one may have been overtaken by its worker. */
      readonly unlessReported?: boolean;
    }
);
/** One page of a list, in the order of creation. */
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

/** The `transcoder` table. Every change is one conditional write on one item; a refused one answers undefined. */
export interface TranscoderStore {
  /** Writes the job unless its id exists; answers the stored one. */
  create(job: TranscoderJob): Promise<TranscoderJob>;
  read(id: string): Promise<TranscoderJob | undefined>;
  /** Notes the task of an attempt, while the job is open and the attempt is current. */
  recordTask(id: string, attempt: number, taskId: string): Promise<TranscoderJob | undefined>;
  /** The worker takes the attempt: Progressing. Answers the same when the worker that holds it calls again. */
  begin(id: string, attempt: number, workerId: string): Promise<TranscoderJob | undefined>;
  recordProgress(
    id: string,
    attempt: number,
    workerId: string,
    progress: JobProgress,
    probe?: Probe,
  ): Promise<boolean>;
  /** The result of an attempt, as `JobStore.report` takes it: one, and repeatable by the worker that gave it. */
  recordReport(id: string, attempt: number, workerId: string, report: AttemptReport): Promise<boolean>;
  /** Ends the current attempt and opens the next, not before the time (ISO 8601). */
  scheduleNextAttempt(
    id: string,
    attempt: number,
    notBefore: string,
    detail: string,
    options?: NextAttemptOptions,
  ): Promise<TranscoderJob | undefined>;
  closeJob(id: string, attempt: number, outcome: TranscoderJobOutcome): Promise<TranscoderJob | undefined>;
  /** Canceled, only while Submitted and not started. */
  cancel(id: string): Promise<TranscoderJob | undefined>;
  markNotified(id: string, attempt: number): Promise<boolean>;
  /** Notes that the start of the current attempt was told. */
  markStartNotified(id: string, attempt: number): Promise<boolean>;
  /** Jobs of a pipeline that have no task, oldest first. */
  listPending(pipelineId: string): AsyncIterable<TranscoderJob>;
  /** Jobs of a pipeline that have a task and have not ended, oldest first. */
  listRunning(pipelineId: string): AsyncIterable<TranscoderJob>;
  listByPipeline(pipelineId: string, page: TranscoderPageRequest): Promise<TranscoderPage<TranscoderJob>>;
  listByStatus(
    status: TranscoderJob["status"],
    page: TranscoderPageRequest,
  ): Promise<TranscoderPage<TranscoderJob>>;
  /** Ended jobs whose notification is not marked. */
  listUnnotified(): AsyncIterable<TranscoderJob>;
  /** False where a pipeline of this id exists. */
  createPipeline(pipeline: Pipeline): Promise<boolean>;
  readPipeline(id: string): Promise<Pipeline | undefined>;
  /** Changes a pipeline as it is then, whoever else changes it; undefined where there is none. */
  updatePipeline(id: string, change: (pipeline: Pipeline) => Pipeline): Promise<Pipeline | undefined>;
  /** False where there is none. */
  deletePipeline(id: string): Promise<boolean>;
  listPipelines(page: TranscoderPageRequest): Promise<TranscoderPage<Pipeline>>;
  listAllPipelines(): AsyncIterable<Pipeline>;
  /** False where a preset of this id exists. */
  createPreset(preset: Preset): Promise<boolean>;
  readPreset(id: string): Promise<Preset | undefined>;
  /** False where there is none. */
  deletePreset(id: string): Promise<boolean>;
  listPresets(page: TranscoderPageRequest): Promise<TranscoderPage<Preset>>;
}
