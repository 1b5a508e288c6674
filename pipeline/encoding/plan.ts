import type { JobFailure } from "../errors/job-error.ts";
import type { MediaLimits } from "../media/media-limits.ts";
import type { Probe } from "../media/probe.ts";
import type { Capabilities } from "./capabilities.ts";
import type { ImageConversion } from "./image-request.ts";

/** An input and its probe. */
export interface PlanInput {
  /** A loopback URL; of a watermark image, the path of an upright sRGB PNG that the worker created. */
  readonly url: string;
  readonly probe: Probe;
}

export interface PlanContext {
  readonly source: PlanInput;
  /** What follows the source with timestamps of its own. @default nothing */
  readonly continuations?: readonly PlanInput[];
  /** Watermark images by name, e.g. `watermark`. */
  readonly images: Readonly<Record<string, PlanInput>>;
  /** Directory for all files of a plan; no trailing slash. */
  readonly scratchDirectory: string;
  readonly outputKeys: readonly string[];
  readonly capabilities: Capabilities;
  readonly limits: MediaLimits;
  /** Threads ffmpeg may use. */
  readonly threads: number;
}

/** One run of ffmpeg. The worker adds the arguments of every run: `-hide_banner -nostdin -progress …`. */
export interface FfmpegStep {
  readonly kind: "ffmpeg";
  readonly phase: string;
  readonly arguments: readonly string[];
  /** Seconds of media that this run writes, for its progress; absent: no progress within the step. */
  readonly seconds?: number;
  /** Cost relative to the other steps. */
  readonly weight: number;
  /**
   * True if every packet read is soon written to an output, so that the outputs show progress. Otherwise ffmpeg logs
   * every packet, which adds 10 % CPU time to a run without video.
   */
  readonly hasSteadyOutput?: boolean;
  /** True if the arguments already limit the duration of each output. */
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
/** One run of the image program (docker/ffmpeg/image/), which decodes a still image and encodes it. */
export interface ImageStep {
  readonly kind: "image";
  readonly phase: string;
  readonly conversion: ImageConversion;
  /** Cost relative to the other steps. */
  readonly weight: number;
}
/** Reads the first bytes of an encoded file; fewer if it is shorter. */
export interface HeadStep {
  readonly kind: "head";
  readonly path: string;
  readonly length: number;
}
/** Lists the names of the files in a directory, sorted, one per line. */
export interface ListStep {
  readonly kind: "list";
  readonly path: string;
}
/** One output group fails; the others continue. */
export interface FailOutputStep {
  readonly kind: "fail-output";
  /** See `PlannedOutput.outputGroup`. */
  readonly outputGroup: string;
  readonly failure: JobFailure;
}
/** A warning for the user about a job that can still succeed. */
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
  | ImageStep
  | FailOutputStep
  | WarnStep;

/** Result of a step: `log` of ffmpeg, `text` of a read or list, `probe` of a probe, `bytes` of a head. */
export interface StepResult {
  readonly log: string;
  readonly text: string;
  readonly probe?: Probe;
  readonly bytes?: Uint8Array;
  /** Size of each listed file in bytes, in the same order. */
  readonly sizes?: readonly number[];
}

/** Properties of an output that are verified before it is published; see `pipeline/encoding/verify-output.ts`. */
export interface Expectation {
  /** Tolerance: 2 % or 0.25 s, whichever is more. */
  readonly durationSeconds?: number;
  readonly video?: { readonly codec?: string; readonly width?: number; readonly height?: number } | "none";
  readonly audio?: { readonly codec?: string } | "none";
}
export interface PlannedOutput {
  /** Absolute path of the encoded file. */
  readonly path: string;
  readonly key: string;
  readonly contentType: string;
  /** Absent for text (manifests, WebVTT), of which only the size is checked. */
  readonly expectation?: Expectation;
  /** Published last, after all other files. */
  readonly isManifest: boolean;
  /** Output group of this file. A group is published only if all of its files can be. */
  readonly outputGroup?: string;
  /** Other output groups that this one requires. */
  readonly dependsOn?: readonly string[];
  /** True for a thumbnail, which does not count towards the output's size. */
  readonly isThumbnail?: boolean;
  /** Total duration of a playlist's segments. The duration of other files is probed. */
  readonly durationSeconds?: number;
}

/**
 * A plan is a pure generator: it yields steps, receives their results, and returns the outputs. A failed step throws
 * into it; a plan that can continue catches the JobFailure. The worker runs it with real processes, a test with canned
 * results.
 */
export type Plan = Generator<Step, readonly PlannedOutput[], StepResult>;
