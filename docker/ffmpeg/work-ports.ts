import type { Capabilities } from "../../pipeline/media/capabilities.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import type { Log } from "../../pipeline/ports/services.ts";
import type { MediaPrograms } from "./ffmpeg.ts";

/** What a worker works with. */
export interface WorkPorts {
  readonly objects: ObjectStore;
  readonly programs: MediaPrograms;
  /** Asked once, when it is certain that there is work. */
  readonly capabilities: (signal: AbortSignal) => Promise<Capabilities>;
  /** The scratch volume. */
  readonly scratch: string;
  /** Threads ffmpeg may use. */
  readonly threads: number;
  /** Seconds without a byte of the source. */
  readonly stallSeconds: number;
  /** Seconds one run of ffmpeg may take. */
  readonly wallSeconds: number;
  /** Bytes an attempt may hold on the scratch volume. */
  readonly scratchBytes: number;
  /** Seconds between SIGTERM and SIGKILL of ffmpeg. */
  readonly graceSeconds: number;
  readonly log: Log;
}
