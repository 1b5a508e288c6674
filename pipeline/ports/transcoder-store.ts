import type { JobError } from "../job/error.ts";
import type { JobProgress, WorkReport } from "../job/job.ts";
import type { Probe } from "../media/probe.ts";
import type { Pipeline, TranscoderJob, TranscoderOutput } from "../transcoder/job.ts";

export type TranscoderEnd =
  | { readonly status: "Complete"; readonly outputs: readonly TranscoderOutput[] }
  | {
      readonly status: "Error";
      readonly outputs: readonly TranscoderOutput[];
      readonly error: JobError;
      readonly statusDetail: string;
    };
export interface TranscoderJobPage {
  readonly jobs: readonly TranscoderJob[];
  readonly next?: string;
}

/** The `transcoder` table. Every change is one conditional write on one item; a refused one answers undefined. */
export interface TranscoderStore {
  /** Writes the job unless its id exists; answers the stored one. */
  create(job: TranscoderJob): Promise<TranscoderJob>;
  read(id: string): Promise<TranscoderJob | undefined>;
  /** Notes the task of an attempt, while the job is open and the attempt is current. */
  recordTask(id: string, attempt: number, task: string): Promise<TranscoderJob | undefined>;
  /** The worker takes the attempt: Progressing. */
  begin(id: string, attempt: number, worker: string): Promise<TranscoderJob | undefined>;
  progress(
    id: string,
    attempt: number,
    worker: string,
    progress: JobProgress,
    probe?: Probe,
  ): Promise<boolean>;
  report(id: string, attempt: number, worker: string, report: WorkReport): Promise<boolean>;
  /**
   * Ends the current attempt and opens the next, not before the time (ISO 8601).
   *
   * @param attemptLimit a new one, where the attempt that ends shall not count
   */
  nextAttempt(
    id: string,
    attempt: number,
    notBefore: string,
    detail: string,
    attemptLimit?: number,
  ): Promise<TranscoderJob | undefined>;
  close(id: string, attempt: number, end: TranscoderEnd): Promise<TranscoderJob | undefined>;
  /** Canceled, only while Submitted and not started. */
  cancel(id: string): Promise<TranscoderJob | undefined>;
  markNotified(id: string, attempt: number): Promise<boolean>;
  /** Jobs of a status, oldest first. */
  all(status: TranscoderJob["status"]): AsyncIterable<TranscoderJob>;
  /** Jobs of a pipeline, a page. */
  byPipeline(pipelineId: string, ascending: boolean, after?: string): Promise<TranscoderJobPage>;
  /** Ended jobs whose notification is not marked. */
  unnotified(): AsyncIterable<TranscoderJob>;
  putPipeline(pipeline: Pipeline): Promise<void>;
  readPipeline(id: string): Promise<Pipeline | undefined>;
}
