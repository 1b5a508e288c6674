import type { JobFailure } from "../../pipeline/errors/job-error.ts";
import type { Probe } from "../../pipeline/media/probe.ts";
import type { ObjectHead } from "../../pipeline/ports/object-store.ts";
import type { OutputGroups } from "./output-groups.ts";
import type { ProgressState } from "./progress.ts";

/** The attempt's own surroundings. */
export interface AttemptContext {
  /** Folder for everything that is made. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The source when reading began. */
  readonly head: ObjectHead;
  /** Ends the attempt from where no one awaits: the source server. */
  readonly fail: (failure: JobFailure) => void;
  /** Writes progress now. @throws `AttemptAborted` where the attempt is lost */
  readonly sendHeartbeat: (probe?: Probe) => Promise<unknown>;
  readonly updateProgress: (change: (state: ProgressState) => ProgressState) => void;
  /** Told of what fails by itself. */
  readonly outputGroups: OutputGroups;
}
