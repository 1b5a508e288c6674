import type { JobConfiguration } from "../configuration/configuration.ts";
import type { Transcoder } from "../elastic-transcoder/transcoder-client.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { TaskRunner } from "../ports/task-runner.ts";
import type { TokenBucket } from "../ports/token-bucket.ts";
import type { JobStore } from "./job-store.ts";
import type { SourceReader } from "./source-access.ts";
import type { SweepStore } from "./sweep-store.ts";

/** The ports of a job's whole life cycle. Functions pick the ones that they need. */
export interface JobPorts {
  readonly configuration: JobConfiguration;
  readonly inputBucket: string;
  readonly outputBucket: string;
  readonly jobs: JobStore;
  readonly sweeps: SweepStore;
  readonly objects: ObjectStore;
  /** Who reads the input bucket; absent on one machine. */
  readonly reader?: SourceReader;
  readonly tasks: TaskRunner;
  /** The rate of starts of tasks. */
  readonly taskStarts: TokenBucket;
  readonly transcoder: Transcoder;
  /** Id of the transcoder pipeline for Reelway's own jobs. */
  readonly pipelineId: string;
  /** Name of the `jobs` table, passed to the workers. */
  readonly jobsTable: string;
  readonly notifier: Notifier;
  /** Topic for the notifications of closed jobs. */
  readonly topic: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}
