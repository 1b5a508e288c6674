import type { JobError } from "../job/error.ts";
import type { JobHistoryEntry, JobOutput, JobProgress, WorkReport } from "../job/job.ts";
import type { JobStatus } from "../job/status.ts";
import type { Probe } from "../media/probe.ts";
import type { WorkLimits } from "../work/order.ts";
import type { Preset } from "./preset.ts";

export type TranscoderJobStatus = JobStatus;

/** One output of a transcoder job, with its preset as it was at CreateJob. */
export interface TranscoderOutput {
  /** "1", "2", … in the order of the request. */
  readonly id: string;
  readonly key: string;
  readonly preset: Preset;
  readonly rotate: "auto" | "0" | "90" | "180" | "270";
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
  readonly result?: JobOutput;
}

/** The item of one job of the transcoder service, table `transcoder`. */
export interface TranscoderJob {
  /** `^\d{13}-\w{6}$` */
  readonly id: string;
  readonly pipelineId: string;
  readonly inputBucket: string;
  readonly inputKey: string;
  readonly outputBucket: string;
  readonly outputKeyPrefix?: string;
  readonly outputs: readonly TranscoderOutput[];
  readonly userMetadata: Readonly<Record<string, string>>;
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
  readonly attempt: number;
  readonly attemptLimit: number;
  /** Absent until the dispatcher started it. */
  readonly task?: string;
  readonly worker?: string;
  readonly notBefore?: string;
  readonly progress: JobProgress;
  readonly probe?: Probe;
  readonly report?: WorkReport;
  readonly error?: JobError;
  readonly limits: WorkLimits;
  /** ISO 8601 all. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly notifiedAt?: string;
  readonly history: readonly JobHistoryEntry[];
}

/** A pipeline as the API shows it (type Pipeline). */
export interface Pipeline {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly Status: "Active" | "Paused";
  readonly InputBucket: string;
  readonly OutputBucket: string;
  readonly Role: string;
  readonly AwsKmsKeyArn?: string;
  readonly Notifications: {
    readonly Progressing: string;
    readonly Completed: string;
    readonly Warning: string;
    readonly Error: string;
  };
  readonly ContentConfig: PipelineOutputConfig;
  readonly ThumbnailConfig: PipelineOutputConfig;
}
export interface PipelineOutputConfig {
  readonly Bucket: string;
  readonly StorageClass: string;
  readonly Permissions: readonly {
    readonly GranteeType: string;
    readonly Grantee: string;
    readonly Access: readonly string[];
  }[];
}
