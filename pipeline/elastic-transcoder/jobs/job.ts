import type { Deferral } from "../../attempts/deferral.ts";
import type { JobStatus } from "../../attempts/job-status.ts";
import type { AttemptReport, JobHistoryEntry, JobOutput, JobProgress } from "../../attempts/report.ts";
import type { JobError } from "../../errors/job-error.ts";
import type { MediaLimits } from "../../media/media-limits.ts";
import type { Probe } from "../../media/probe.ts";
import type { ObjectGrant } from "../../ports/object-store.ts";
import type { Preset } from "../presets/preset.ts";
import type { TimeSpan } from "./time-span.ts";

export type TranscoderJobStatus = JobStatus;

/** A watermark of one output: the preset's watermark id and the key of the image in the input bucket. */
export interface TranscoderWatermark {
  readonly slot: string;
  readonly key: string;
}

/** One output of a transcoder job, with a copy of its preset at the time of CreateJob. */
export interface TranscoderOutput {
  /** "1", "2", … in the order of the request. */
  readonly id: string;
  /** Without the job's OutputKeyPrefix. */
  readonly key: string;
  readonly preset: Preset;
  readonly rotate: "auto" | "0" | "90" | "180" | "270";
  /** Contains `{count}`. Empty: no thumbnails. */
  readonly thumbnailPattern: string;
  /** Seconds, as in the request. */
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

/** Input settings of CreateJob. They are returned by the API; the worker probes the source itself. */
export interface InputSettings {
  readonly FrameRate?: string;
  readonly Resolution?: string;
  readonly AspectRatio?: string;
  readonly Interlaced?: string;
  readonly Container?: string;
}

/** A job of the transcoder service, as stored in the table `transcoder`. */
export interface TranscoderJob {
  /** `^\d{13}-\w{6}$` */
  readonly id: string;
  readonly pipelineId: string;
  readonly inputBucket: string;
  readonly inputKey: string;
  readonly inputSettings: InputSettings;
  /** Clip of the input for all outputs. */
  readonly timeSpan?: TimeSpan;
  readonly outputBucket: string;
  /** Copied from the pipeline at CreateJob. */
  readonly contentConfig: PipelineOutputConfig;
  readonly thumbnailConfig: PipelineOutputConfig;
  /** ARN of the pipeline's role at CreateJob, for access to buckets outside the stage. */
  readonly roleArn?: string;
  readonly outputKeyPrefix?: string;
  readonly outputs: readonly TranscoderOutput[];
  readonly playlists: readonly TranscoderPlaylist[];
  readonly userMetadata: Readonly<Record<string, string>>;
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
  readonly attempt: number;
  readonly maxAttempts: number;
  /** Absent until the dispatcher has started the job. */
  readonly taskId?: string;
  readonly workerId?: string;
  readonly notBefore?: string;
  /** Why the current attempt waits. */
  readonly deferral?: Deferral;
  readonly progress: JobProgress;
  readonly probe?: Probe;
  readonly report?: AttemptReport;
  readonly error?: JobError;
  readonly limits: MediaLimits;
  /** All times are ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string;
  /** When the notification about the start of the current attempt was sent. */
  readonly startNotifiedAt?: string;
  readonly finishedAt?: string;
  readonly notifiedAt?: string;
  readonly history: readonly JobHistoryEntry[];
}

/** A pipeline as the API returns it (type Pipeline). */
export interface Pipeline {
  readonly Id: string;
  readonly Arn: string;
  readonly Name: string;
  readonly Status: "Active" | "Paused";
  readonly InputBucket: string;
  /** Absent if the request had ContentConfig and ThumbnailConfig instead. */
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
