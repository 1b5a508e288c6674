import type { JobStatus } from "../attempts/job-status.ts";
import type { AttemptReport, JobHistoryEntry, JobOutput, JobProgress } from "../attempts/report.ts";
import type { JobSource } from "../attempts/source.ts";
import type { JobError } from "../errors/job-error.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe, RecipeName } from "../recipes/recipe.ts";
import type { Engine } from "../routing/route.ts";

/** The snapshot a job is done by: a later change of the configuration does not touch it. */
export interface Specification {
  readonly recipe: Recipe;
  readonly outputBucket: string;
  /** The planned key; a key ending in `/` is the folder a recipe with many outputs fills. */
  readonly outputKeys: readonly string[];
  /** The metadata the uploader gave, e.g. `watermark`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly limits: MediaLimits;
}

/** One (object version, route); see docs/architecture.md, "Contracts". */
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
  /** Automatic attempts end here (attempt ≤ maxAttempts). */
  readonly maxAttempts: number;
  readonly source: JobSource;
  readonly specification: Specification | null;
  /** What the worker found in the source. */
  readonly probe?: Probe;
  /** Task ARN or Elastic Transcoder job id of the current attempt. */
  readonly engineJobId?: string;
  /** Token of the one worker that holds the current attempt. */
  readonly workerId?: string;
  /** ISO 8601; a retried attempt is not started before. */
  readonly notBefore?: string;
  readonly progress: JobProgress;
  readonly report?: AttemptReport;
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
