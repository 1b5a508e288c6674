import type { AttemptReport, JobProgress } from "../attempts/report.ts";
import type { JobSource } from "../attempts/source.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Recipe } from "../recipes/recipe.ts";
import type { OutputDestinations } from "./output-destination.ts";

/** Whose the outputs are: the same source and route may replace them, an older version never, others get 3002. */
export type Ownership =
  | {
      readonly kind: "source";
      readonly job: string;
      /** The job's attempt, where the order's own is one of the transcoder's. */
      readonly jobAttempt?: number;
      readonly route: string;
      /** SHA-256, hexadecimal, of bucket, a line feed, key. */
      readonly source: string;
      readonly sequencer?: string;
      readonly modifiedAt?: string;
    }
  /** Elastic Transcoder's own rule: any existing object is an error 3002. */
  | { readonly kind: "strict"; readonly job: string };

/** All a worker needs to do one attempt, whoever the job belongs to. */
export interface AttemptSpecification {
  readonly id: string;
  readonly attempt: number;
  readonly source: JobSource;
  readonly recipe: Recipe;
  readonly outputBucket: string;
  /** Where media and thumbnails are kept apart; else all goes to `outputBucket`. */
  readonly destinations?: OutputDestinations;
  /** ARN of the role by which buckets are reached that are not the deployment's own; absent: the worker's. */
  readonly roleArn?: string;
  readonly outputKeys: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly ownership: Ownership;
  readonly limits: MediaLimits;
}

/** The worker's one connection to the record of its job, in the `jobs` or the `transcoder` table. */
export interface AttemptStore {
  /** Takes the attempt for this worker; undefined when it is another's or no longer wanted. */
  begin(workerId: string): Promise<AttemptSpecification | undefined>;
  /** False when the attempt is lost (cancelled, retried, finished): the worker then cleans up and exits 0. */
  recordProgress(progress: JobProgress, probe?: Probe): Promise<boolean>;
  /**
   * The attempt's result, written before exit; may be repeated where the answer was lost. False when the record does
   * not hold it: the attempt is lost.
   */
  recordReport(report: AttemptReport): Promise<boolean>;
  /** The result of this worker's attempt, as the record holds it; undefined where it holds none of this worker's. */
  readReport(): Promise<AttemptReport | undefined>;
}
