import type { TranscoderJobStatus } from "./jobs/job.ts";

/** The transcoder API as the router and the reconciler use it; ONE implementation, the real SDK client. */
export interface Transcoder {
  /** Answers the existing job where one of the same `reelway-job` and attempt exists. */
  createJob(request: TranscoderJobRequest): Promise<{ readonly id: string }>;
  readJob(id: string): Promise<TranscoderJobState | undefined>;
  /** False where it can no longer be cancelled (not Submitted). */
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
    /** Told by our own service's notifications alone. */
    readonly videoCodec?: string;
    readonly audioCodec?: string;
  }[];
  readonly userMetadata: Readonly<Record<string, string>>;
}
