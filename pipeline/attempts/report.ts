import type { JobError } from "../errors/job-error.ts";
import type { JobStatus } from "./job-status.ts";

/** One object that a job created. */
export interface JobOutput {
  readonly key: string;
  readonly bytes: number;
  readonly durationSeconds?: number;
  readonly width?: number;
  readonly height?: number;
  /** Frames per second. */
  readonly frameRate?: number;
  readonly videoCodec?: string;
  readonly audioCodec?: string;
  readonly contentType?: string;
}

export interface JobProgress {
  /** 0–100; never decreases within an attempt. */
  readonly percent: number;
  readonly phase: string;
}

/** Result of one output group: an output of a transcoder job with its files, or a playlist over such outputs. */
export interface OutputGroupResult {
  /** Full key of the output or full name of the playlist, as in the specification. */
  readonly key: string;
  /** An output and a playlist may have the same key. */
  readonly isPlaylist?: boolean;
  readonly output?: JobOutput;
  /** Absent on success. */
  readonly error?: JobError;
}

/** The worker writes it before it exits. The task's state change then closes the job from it. */
export interface AttemptReport {
  readonly outputs: readonly JobOutput[];
  /** Present if output groups can fail independently. */
  readonly outputGroups?: readonly OutputGroupResult[];
  readonly warnings: readonly string[];
  readonly error?: JobError;
}

export interface JobHistoryEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly status: JobStatus;
  readonly attempt: number;
  readonly detail: string;
}
