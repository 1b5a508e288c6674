import type { JobError } from "../errors/job-error.ts";
import type { JobStatus } from "./job-status.ts";

/** One object made by a job. */
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
  /** 0–100, never falls within an attempt. */
  readonly percent: number;
  readonly phase: string;
}

/** How one of several things that a job makes ended: an output of the transcoder, or a playlist over them. */
export interface OutputGroupResult {
  /** As the specification names it: an output's whole key, a playlist's whole name. */
  readonly key: string;
  /** An output may have a playlist's name. */
  readonly isPlaylist?: boolean;
  readonly output?: JobOutput;
  /** Absent where it succeeded. */
  readonly error?: JobError;
}

/** What the worker says of its attempt before it exits; the task's state change then closes the job by it. */
export interface AttemptReport {
  readonly outputs: readonly JobOutput[];
  /** Where parts of the work may end differently. */
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
