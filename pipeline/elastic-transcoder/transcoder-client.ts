import type { TranscoderJobStatus } from "./jobs/job.ts";

/** The transcoder API for the router and the reconciler. The only implementation is the AWS SDK client. */
export interface Transcoder {
  /** Returns the existing job if one with the same `reelway-job` and attempt exists. */
  createJob(request: TranscoderJobRequest): Promise<{ readonly id: string }>;
  readJob(id: string): Promise<TranscoderJobState | undefined>;
  /** Returns false if the job can no longer be canceled (not Submitted). */
  cancelJob(id: string): Promise<boolean>;
}
export interface TranscoderJobRequest {
  readonly pipelineId: string;
  readonly inputKey: string;
  readonly outputKey: string;
  readonly presetId: string;
  /** At most 10; `reelway-job`, `reelway-attempt`, `reelway-route`, `reelway-version`, `reelway-sequencer`. */
  readonly userMetadata: Readonly<Record<string, string>>;
}
export interface TranscoderJobState {
  readonly id: string;
  readonly status: TranscoderJobStatus;
  readonly statusDetail?: string;
  readonly outputs: readonly {
    readonly key: string;
    readonly status: TranscoderJobStatus;
    readonly statusDetail?: string;
    readonly durationSeconds?: number;
    readonly bytes?: number;
    readonly width?: number;
    readonly height?: number;
    /** Only in the notifications of Reelway's own service. */
    readonly videoCodec?: string;
    readonly audioCodec?: string;
  }[];
  readonly userMetadata: Readonly<Record<string, string>>;
}
