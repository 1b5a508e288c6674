import type { JobFailure } from "../errors/job-error.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Capabilities } from "./capabilities.ts";

/** A file ffmpeg reads: a loopback URL, and what ffprobe said of it. */
export interface PlanInput {
  readonly url: string;
  readonly probe: Probe;
}

export interface PlanContext {
  readonly source: PlanInput;
  /** Further pictures by role, e.g. `watermark`. */
  readonly images: Readonly<Record<string, PlanInput>>;
  /** Folder for everything a plan writes; no trailing slash. */
  readonly scratchDirectory: string;
  readonly outputKeys: readonly string[];
  readonly capabilities: Capabilities;
  readonly limits: MediaLimits;
  /** Threads ffmpeg may use. */
  readonly threads: number;
}

/** One run of ffmpeg. The worker adds what every run has: `-hide_banner -nostdin -progress …`. */
export interface FfmpegStep {
  readonly kind: "ffmpeg";
  readonly phase: string;
  readonly arguments: readonly string[];
  /** Seconds of media this run makes, for its progress; absent: no progress within the step. */
  readonly seconds?: number;
  /** Share of the whole work, relative to the other steps. */
  readonly weight: number;
  /**
   * Every packet that is read adds to an output at once, so that the outputs alone show progress. Absent: ffmpeg is made
   * to tell of every packet, which takes a tenth of the CPU time of a run without video.
   */
  readonly hasSteadyOutput?: boolean;
  /** The arguments bound every output in media seconds already, each by itself. */
  readonly hasDurationLimit?: boolean;
}
export interface WriteStep {
  readonly kind: "write";
  readonly path: string;
  readonly text: string;
}
export interface ProbeStep {
  readonly kind: "probe";
  readonly path: string;
}
export interface ReadStep {
  readonly kind: "read";
  readonly path: string;
}
/** Bytes of an input, from an offset on; fewer, or none, where it ends before. */
export interface RangeStep {
  readonly kind: "range";
  readonly url: string;
  readonly offset: number;
  readonly length: number;
}
/** The first bytes of a file that was made; fewer where it is shorter. */
export interface HeadStep {
  readonly kind: "head";
  readonly path: string;
  readonly length: number;
}
/** Names of the files in a folder, sorted, a line each. */
export interface ListStep {
  readonly kind: "list";
  readonly path: string;
}
/** One of several things that a plan makes fails while the others go on. */
export interface FailOutputStep {
  readonly kind: "fail-output";
  /** See `PlannedOutput.outputGroup`. */
  readonly outputGroup: string;
  readonly failure: JobFailure;
}
/** Something that a person should know of a job that succeeds all the same. */
export interface WarnStep {
  readonly kind: "warn";
  readonly text: string;
}
export type Step =
  | FfmpegStep
  | WriteStep
  | ProbeStep
  | ReadStep
  | HeadStep
  | ListStep
  | RangeStep
  | FailOutputStep
  | WarnStep;

/** What a step answers: ffmpeg its log, a read or list its text, a probe its probe, a range or head its bytes. */
export interface StepResult {
  readonly log: string;
  readonly text: string;
  readonly probe?: Probe;
  readonly bytes?: Uint8Array;
  /** Of a list: bytes of each file, in its order. */
  readonly sizes?: readonly number[];
}

/** What an output must look like before it gets its key; see `pipeline/encoding/verify-output.ts`. */
export interface Expectation {
  /** Within 2 %, or 0.25 s where that is more. */
  readonly durationSeconds?: number;
  readonly video?: { readonly codec?: string; readonly width?: number; readonly height?: number } | "none";
  readonly audio?: { readonly codec?: string } | "none";
}
export interface PlannedOutput {
  /** Absolute path of the finished file. */
  readonly path: string;
  readonly key: string;
  readonly contentType: string;
  /** Absent for text (manifests, WebVTT): then only its size is checked. */
  readonly expectation?: Expectation;
  /** Published last, after all others stand. */
  readonly isManifest: boolean;
  /** What of several things this file belongs to: it is published only where all files of its part can be. */
  readonly outputGroup?: string;
  /** Other parts without which this one is worth nothing. */
  readonly dependsOn?: readonly string[];
  /** A picture beside its part, which does not count into its size. */
  readonly isThumbnail?: boolean;
  /** Seconds that a playlist says its segments last; a file's own length is probed. */
  readonly durationSeconds?: number;
}

/**
 * A recipe is a pure generator: it yields what to run, is given each result, and returns what was made. A step that
 * fails is thrown into it: a plan that can go on without it catches the JobFailure.
 * The worker drives it with real processes, a test with canned results.
 */
export type Plan = Generator<Step, readonly PlannedOutput[], StepResult>;
