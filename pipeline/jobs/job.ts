import type { WorkLimits } from "../media/source-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe, RecipeName } from "../recipes/recipe.ts";
import type { Engine } from "../routing/route.ts";
import type { JobError } from "../errors/job-error.ts";
import type { JobStatus } from "../attempts/job-status.ts";

/** One version of one uploaded object. */
export interface JobSource {
  readonly bucket: string;
  readonly key: string;
  /** Absent where the bucket is not versioned. */
  readonly versionId?: string;
  readonly etag?: string;
  readonly bytes: number;
  /** S3's event sequencer: hexadecimal, greater means later for one key. Absent when a sweep found the object. */
  readonly sequencer?: string;
  /** ISO 8601. Orders two versions where a sequencer is missing. */
  readonly modifiedAt?: string;
}

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

/** The snapshot a job is done by: a later change of the configuration does not touch it. */
export interface Specification {
  readonly recipe: Recipe;
  readonly outputBucket: string;
  /** The planned key; a key ending in `/` is the folder a recipe with many outputs fills. */
  readonly outputKeys: readonly string[];
  /** The metadata the uploader gave, e.g. `watermark`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly limits: WorkLimits;
}

export interface JobProgress {
  /** 0–100, never falls within an attempt. */
  readonly percent: number;
  readonly stage: string;
}

/** How one of several things that a job makes ended: an output of the transcoder, or a playlist over them. */
export interface WorkPart {
  /** As the specification names it: an output's whole key, a playlist's whole name. */
  readonly key: string;
  /** An output may have a playlist's name. */
  readonly playlist?: boolean;
  readonly output?: JobOutput;
  /** Absent where it succeeded. */
  readonly error?: JobError;
}

/** What the worker says of its attempt before it exits; the task's state change then closes the job by it. */
export interface WorkReport {
  readonly outputs: readonly JobOutput[];
  /** Where parts of the work may end differently. */
  readonly parts?: readonly WorkPart[];
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

/** One (object version, route). Contract: DESIGN 5. */
export interface Job {
  /** 52 characters of base32, see `jobId`. */
  readonly id: string;
  /** Null where no route takes the object; such a job ends at once as an Error. */
  readonly route: string | null;
  readonly engine: Engine | null;
  readonly recipe: RecipeName | null;
  readonly status: JobStatus;
  /** 1 for the first task. */
  readonly attempt: number;
  /** Automatic attempts end here (attempt ≤ attemptLimit). */
  readonly attemptLimit: number;
  readonly source: JobSource;
  readonly specification: Specification | null;
  /** What the worker found in the source. */
  readonly probe?: Probe;
  /** Task ARN or Elastic Transcoder job id of the current attempt. */
  readonly engineJob?: string;
  /** Token of the one worker that holds the current attempt. */
  readonly worker?: string;
  /** ISO 8601; a retried attempt is not started before. */
  readonly notBefore?: string;
  readonly progress: JobProgress;
  readonly report?: WorkReport;
  readonly outputs: readonly JobOutput[];
  readonly error: JobError | null;
  /** ISO 8601 all. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly notifiedAt?: string;
  readonly history: readonly JobHistoryEntry[];
}
