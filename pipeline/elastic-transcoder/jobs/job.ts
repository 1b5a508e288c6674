import type { JobStatus } from "../../attempts/job-status.ts";
import type { AttemptReport, JobHistoryEntry, JobOutput, JobProgress } from "../../attempts/report.ts";
import type { JobError } from "../../errors/job-error.ts";
import type { MediaLimits } from "../../media/media-limits.ts";
import type { Probe } from "../../media/probe.ts";
import type { ObjectGrant } from "../../ports/object-store.ts";
import type { Preset } from "../presets/preset.ts";
import type { TimeSpan } from "./time-span.ts";

export type TranscoderJobStatus = JobStatus;

/** A watermark of one output: a slot of its preset, and the picture's key in the input bucket. */
export interface TranscoderWatermark {
  readonly slot: string;
  readonly key: string;
}

/** One output of a transcoder job, with its preset as it was at CreateJob. */
export interface TranscoderOutput {
  /** "1", "2", … in the order of the request. */
  readonly id: string;
  /** Without the job's OutputKeyPrefix. */
  readonly key: string;
  readonly preset: Preset;
  readonly rotate: "auto" | "0" | "90" | "180" | "270";
  /** Holds `{count}`; empty: no thumbnails. */
  readonly thumbnailPattern: string;
  /** Seconds, as given. */
  readonly segmentDuration?: string;
  readonly watermarks: readonly TranscoderWatermark[];
  /** The output's own clip, from the deprecated `Composition`. */
  readonly timeSpan?: TimeSpan;
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
  readonly result?: JobOutput;
}

/** A master playlist or manifest over outputs of the same job. */
export interface TranscoderPlaylist {
  /** Without prefix and extension. */
  readonly name: string;
  readonly format: "HLSv3" | "MPEG-DASH";
  /** Keys of outputs, without prefix. */
  readonly outputKeys: readonly string[];
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
}

/** What CreateJob said of the input beside its key: recorded and shown again; the worker looks itself. */
export interface InputSettings {
  readonly FrameRate?: string;
  readonly Resolution?: string;
  readonly AspectRatio?: string;
  readonly Interlaced?: string;
  readonly Container?: string;
}

/** The item of one job of the transcoder service, table `transcoder`. */
export interface TranscoderJob {
  /** `^\d{13}-\w{6}$` */
  readonly id: string;
  readonly pipelineId: string;
  readonly inputBucket: string;
  readonly inputKey: string;
  readonly inputSettings: InputSettings;
  /** The clip of the input that all outputs are made of. */
  readonly timeSpan?: TimeSpan;
  readonly outputBucket: string;
  /** The pipeline's, as they were at CreateJob. */
  readonly contentConfig: PipelineOutputConfig;
  readonly thumbnailConfig: PipelineOutputConfig;
  /** ARN of the pipeline's role, likewise: other buckets than the deployment's own are reached by it. */
  readonly roleArn?: string;
  readonly outputKeyPrefix?: string;
  readonly outputs: readonly TranscoderOutput[];
  readonly playlists: readonly TranscoderPlaylist[];
  readonly userMetadata: Readonly<Record<string, string>>;
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Absent until the dispatcher started it. */
  readonly taskId?: string;
  readonly workerId?: string;
  readonly notBefore?: string;
  readonly progress: JobProgress;
  readonly probe?: Probe;
  readonly report?: AttemptReport;
  readonly error?: JobError;
  readonly limits: MediaLimits;
  /** ISO 8601 all. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string;
  /** The current attempt's start was told. */
  readonly startNotifiedAt?: string;
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
  /** Absent where the two configurations were given instead. */
  readonly OutputBucket?: string;
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
  readonly StorageClass: "Standard" | "ReducedRedundancy";
  readonly Permissions: readonly {
    readonly GranteeType: ObjectGrant["granteeType"];
    readonly Grantee: string;
    readonly Access: ObjectGrant["access"];
  }[];
}
