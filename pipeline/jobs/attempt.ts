import type { AttemptReport, JobProgress } from "../attempts/report.ts";
import type { JobSource } from "../attempts/source.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { OutputDestinations } from "./output-destination.ts";

/** Owner of the outputs. A newer version of the same source replaces them on the same route; others get error 3002. */
export type Ownership =
  | {
      readonly kind: "source";
      readonly job: string;
      /** Attempt of the Reelway job, if this is an attempt of its transcoder job. */
      readonly jobAttempt?: number;
      readonly route: string;
      /** SHA-256, hexadecimal, of bucket, a line feed, key. */
      readonly source: string;
      readonly sequencer?: string;
      readonly modifiedAt?: string;
    }
  /** Elastic Transcoder's rule: any existing object is an error 3002. */
  | { readonly kind: "strict"; readonly job: string };

/** Everything a worker needs for one attempt of a Reelway or transcoder job. */
export interface AttemptSpecification {
  readonly id: string;
  readonly attempt: number;
  readonly source: JobSource;
  readonly recipe: Recipe;
  readonly outputBucket: string;
  /** Destinations, if media and thumbnails are stored separately; else everything goes to `outputBucket`. */
  readonly destinations?: OutputDestinations;
  /** ARN of the role for buckets outside the stage; absent: the worker's own role. */
  readonly roleArn?: string;
  readonly outputKeys: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly ownership: Ownership;
  readonly limits: MediaLimits;
}

/** The worker's access to the record of its job, in the table `jobs` or `transcoder`. */
export interface AttemptStore {
  /** Claims the attempt for this worker; undefined if another worker holds it or the job is closed. */
  begin(workerId: string): Promise<AttemptSpecification | undefined>;
  /** Returns false if the attempt is lost (canceled, retried, closed). The worker then cleans up and exits with 0. */
  recordProgress(progress: JobProgress): Promise<boolean>;
  /** Like `recordProgress`, for the probe of the source and for the phase `publishing`, which must not be lost. */
  recordPhase(progress: JobProgress, probe?: Probe): Promise<boolean>;
  /**
   * Writes the attempt's report before exit. The call can be repeated if its response was lost. Returns false if the
   * attempt is lost and the report was not written.
   */
  recordReport(report: AttemptReport): Promise<boolean>;
  /** Reads this worker's report from the record; undefined if it has none. */
  readReport(): Promise<AttemptReport | undefined>;
}
