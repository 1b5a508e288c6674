import type { Deferral } from "../attempts/deferral.ts";
import type { JobStatus } from "../attempts/job-status.ts";
import type { AttemptReport, JobHistoryEntry, JobOutput, JobProgress } from "../attempts/report.ts";
import type { JobSource } from "../attempts/source.ts";
import type { JobError } from "../errors/job-error.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe, RecipeName } from "../recipes/recipe.ts";
import type { Engine } from "../routing/route.ts";

/** Snapshot of the settings of a job. Later changes of the configuration do not affect it. */
export interface Specification {
  readonly recipe: Recipe;
  readonly outputBucket: string;
  /** Planned keys. A key that ends in `/` is the folder of a recipe with many outputs. */
  readonly outputKeys: readonly string[];
  /** User metadata of the upload, e.g. `watermark`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** True if the upload could not be read when it was claimed. The start of the job reads its metadata. */
  readonly isMetadataUnknown?: true;
  readonly limits: MediaLimits;
}

/** The job of one object version and route; see docs/architecture.md, "Contracts". */
export interface Job {
  /** 52 characters of base32, see `jobId`. */
  readonly id: string;
  /** Null if no route matches the object. Such a job is closed as Error immediately. */
  readonly route: string | null;
  readonly engine: Engine | null;
  readonly recipe: RecipeName | null;
  readonly status: JobStatus;
  /** 1 for the first task. */
  readonly attempt: number;
  /** The last attempt that starts without an operator. */
  readonly maxAttempts: number;
  readonly source: JobSource;
  /** Id of the user that the upload belongs to; absent if it belongs to nobody. */
  readonly ownerId?: string;
  readonly specification: Specification | null;
  /** Probe of the source by the worker. */
  readonly probe?: Probe;
  /** Task ARN or Elastic Transcoder job id of the current attempt. */
  readonly engineJobId?: string;
  /** Fencing token of the worker that holds the current attempt. */
  readonly workerId?: string;
  /** ISO 8601. The current attempt does not start before. */
  readonly notBefore?: string;
  /** Why the current attempt waits. */
  readonly deferral?: Deferral;
  /** The hour (`2026-11-21T03`) in whose limit the job counts. A job takes one slot until it is reopened. */
  readonly hourSlot?: string;
  readonly progress: JobProgress;
  readonly report?: AttemptReport;
  readonly outputs: readonly JobOutput[];
  readonly error: JobError | null;
  /** All times are ISO 8601. */
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly notifiedAt?: string;
  readonly history: readonly JobHistoryEntry[];
}
