import type { JobFailure } from "../../../pipeline/errors/job-error.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";
import type { ObjectHead } from "../../../pipeline/ports/object-store.ts";
import type { OutputGroups } from "../outputs/output-groups.ts";
import type { ProgressState } from "./progress.ts";

/** Context of an attempt. */
export interface AttemptContext {
  /** Scratch folder of the attempt. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** The source when reading started. */
  readonly head: ObjectHead;
  /** Fails the attempt from a callback, such as that of the source server. */
  readonly fail: (failure: JobFailure) => void;
  /** Writes progress, and the probe, to the job's record now. @throws `AttemptAborted` if the attempt is lost */
  readonly recordPhase: (probe?: Probe) => Promise<unknown>;
  readonly updateProgress: (change: (state: ProgressState) => ProgressState) => void;
  /** Receives the failures of single output groups. */
  readonly outputGroups: OutputGroups;
}
