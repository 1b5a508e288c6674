import type { Capabilities } from "../../pipeline/encoding/capabilities.ts";
import type { AttemptSpecification } from "../../pipeline/jobs/attempt.ts";
import type { Logger } from "../../pipeline/ports/logger.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { MediaPrograms } from "./ffmpeg.ts";
import type { RetryPolicy } from "./retry.ts";

/** What an attempt works with. */
export interface WorkPorts {
  /** With access to all buckets of the order. */
  readonly objects: ObjectStore;
  readonly programs: MediaPrograms;
  /** Asked once, when it is certain that there is work. */
  readonly readCapabilities: (signal: AbortSignal) => Promise<Capabilities>;
  /** The scratch volume. */
  readonly scratch: string;
  /** Threads ffmpeg may use. */
  readonly threads: number;
  /** Bytes of the task's or the machine's memory. */
  readonly taskMemoryBytes: number;
  /** Seconds without a byte of the source. */
  readonly stallSeconds: number;
  /** Seconds without a sign of progress after which a run of ffmpeg is ended. */
  readonly progressTimeoutSeconds: number;
  /** Seconds one run of ffmpeg may take. */
  readonly timeLimitSeconds: number;
  /** Bytes an attempt may hold on the scratch volume. */
  readonly scratchBytes: number;
  /** Seconds between SIGTERM and SIGKILL of ffmpeg. */
  readonly graceSeconds: number;
  /** Of calls that failed for a transient reason. @default about a minute in all */
  readonly retryPolicy?: RetryPolicy;
  readonly log: Logger;
}

/** What a worker has before it knows its order. */
export interface WorkerPorts extends Omit<WorkPorts, "objects"> {
  /** The objects of an order, by whatever credentials reach its buckets. */
  readonly openObjectStore: (specification: AttemptSpecification) => ObjectStore | Promise<ObjectStore>;
}
