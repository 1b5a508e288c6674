import type { JobConfiguration } from "../configuration/configuration.ts";
import type { Transcoder } from "../elastic-transcoder/transcoder-client.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { TaskRunner } from "../ports/task-runner.ts";
import type { JobStore } from "./job-store.ts";

/** All that moves a job from claim to its message; a function takes the part of it that it needs. */
export interface JobPorts {
  readonly configuration: JobConfiguration;
  readonly inputBucket: string;
  readonly outputBucket: string;
  readonly jobs: JobStore;
  readonly objects: ObjectStore;
  readonly tasks: TaskRunner;
  readonly transcoder: Transcoder;
  /** Pipeline of the transcoder service that Reelway's jobs go to. */
  readonly pipelineId: string;
  /** Name of the `jobs` table, passed to the workers. */
  readonly jobsTable: string;
  readonly notifier: Notifier;
  /** Where the one message a job goes. */
  readonly topic: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
}
