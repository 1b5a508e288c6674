/** The error of a job, as stored and displayed. `code` is one of Elastic Transcoder's numeric codes. */
export interface JobError {
  readonly code: number;
  /** A name for programs, in PascalCase, e.g. `UnsupportedFormat`. */
  readonly name: string;
  /** What failed, on which object, why, and what to do next. */
  readonly message: string;
  /** True if another attempt of the same job may succeed. */
  readonly retryable: boolean;
}

/**
 * Names of the codes in use. The numbers and their meaning: Elastic Transcoder developer guide,
 * "Error codes in job status details".
 */
export const errorNames = {
  1000: "ValidationError",
  1001: "DependencyError",
  2000: "CannotAssumeRole",
  3000: "StorageError",
  3001: "InputNotFound",
  3002: "OutputExists",
  3003: "NoReadPermission",
  3004: "NoWritePermission",
  3005: "BucketNotFound",
  4000: "UnsupportedFormat",
  4001: "UnsupportedDimensions",
  4002: "BrokenMedia",
  4003: "WatermarkNotFound",
  4004: "UnsupportedWatermark",
  4005: "LimitExceeded",
  4006: "UnsupportedCodec",
  4007: "UnhandledMedia",
  4008: "PresetMismatch",
  4014: "ClipBeyondEnd",
  4015: "ManifestMismatch",
  9000: "InternalError",
  9001: "WorkerLost",
  9999: "UnknownError",
} as const;
export type ErrorCode = keyof typeof errorNames;

/** A failure that closes a job (if `retryable`, only an attempt) with one of the codes above. */
export class JobFailure extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, options: { retryable?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = errorNames[code];
    this.code = code;
    this.retryable = options.retryable ?? false;
  }

  toJobError(): JobError {
    return { code: this.code, name: this.name, message: this.message, retryable: this.retryable };
  }
}

/**
 * True for the error of a job whose source the store refuses to read. A retry can succeed after an operator has repaired the
 * access, so no attempt follows by itself.
 */
export const needsAccess = ({ code, retryable }: Pick<JobError, "code" | "retryable">): boolean =>
  retryable && (code === 3003 || code === 3005);

/** A run of ffmpeg was stopped because it made no progress. */
export class StallFailure extends JobFailure {
  constructor(message: string) {
    super(4005, message);
  }
}

/** True for a failure of a job that another attempt would repeat. */
export const isPermanentFailure = (cause: unknown): cause is JobFailure =>
  cause instanceof JobFailure && !cause.retryable;

/**
 * True for a permanent failure that is caused by the media or by what is requested of it (codes 4000 to 4999), not by
 * the worker, its ffmpeg or a store.
 */
export const isMediaFailure = (cause: unknown): cause is JobFailure =>
  isPermanentFailure(cause) && cause.code >= 4000 && cause.code < 5000;
