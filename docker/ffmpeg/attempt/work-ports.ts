import type { Capabilities } from "../../../pipeline/encoding/capabilities.ts";
import type { AttemptSpecification } from "../../../pipeline/jobs/attempt.ts";
import type { SourceReader } from "../../../pipeline/jobs/source-access.ts";
import type { Logger } from "../../../pipeline/ports/logger.ts";
import type { ObjectStore } from "../../../pipeline/ports/object-store.ts";
import type { RecipeName } from "../../../pipeline/recipes/recipe.ts";
import type { RetryPolicy } from "../failures/retry.ts";
import type { MediaPrograms } from "../programs/ffmpeg.ts";

/** Ports and settings of an attempt. */
export interface WorkPorts {
  /** Object store with access to all buckets of the attempt. */
  readonly objects: ObjectStore;
  readonly programs: MediaPrograms;
  /** Absolute path of the image program (docker/ffmpeg/image/), which Node runs. */
  readonly imageProgram: string;
  /** Called at most once, after the attempt is claimed, if the plan depends on the build of ffmpeg. */
  readonly readCapabilities: (recipe: RecipeName, signal: AbortSignal) => Promise<Capabilities>;
  /** The scratch volume. */
  readonly scratch: string;
  /** Threads ffmpeg may use. */
  readonly threads: number;
  /** Memory of the task or the machine. */
  readonly taskMemoryBytes: number;
  /** Seconds without data from the source after which a read is retried. */
  readonly readTimeoutSeconds: number;
  /** Seconds between writes of the progress, after which a lost attempt ends. */
  readonly progressPeriodSeconds: number;
  /** Seconds without progress after which an ffmpeg run is stopped. */
  readonly progressTimeoutSeconds: number;
  /** Maximum seconds of one ffmpeg run. */
  readonly ffmpegTimeoutSeconds: number;
  /** Maximum bytes of an attempt's files on the scratch volume. */
  readonly maxScratchBytes: number;
  /** Seconds between SIGTERM and SIGKILL of ffmpeg. */
  readonly graceSeconds: number;
  /** Retries of calls with transient failures. @default about a minute in total */
  readonly retryPolicy?: RetryPolicy;
  /** Who reads the source; absent on one machine. */
  readonly reader?: SourceReader | undefined;
  readonly log: Logger;
}

/** Ports of a worker before it has claimed an attempt. */
export interface WorkerPorts extends Omit<WorkPorts, "objects"> {
  /** Opens the object store of an attempt, with the credentials for its buckets. */
  readonly openObjectStore: (specification: AttemptSpecification) => ObjectStore | Promise<ObjectStore>;
}
