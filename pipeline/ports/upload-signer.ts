/** What an upload becomes: one version of an object in the input bucket. */
export interface UploadTarget {
  readonly key: string;
  /** Media type. */
  readonly contentType: string;
  /** User metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** What the storage enforces on an uploaded form. */
export interface UploadConditions {
  /** The file has 1 byte to `maxBytes`. */
  readonly maxBytes: number;
  /** Seconds for which the form can be sent. @default 3600 */
  readonly expirySeconds?: number;
}

/** A form whose POST stores a whole file, for a client without credentials. */
export interface UploadForm {
  /** Absolute, or relative to the API. The URL of an object is this URL, `/` and the key. */
  readonly url: string;
  /** Form fields (multipart/form-data), sent unchanged before the file, whose field is named `file`. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A multipart upload in progress. */
export interface MultipartReference {
  readonly uploadId: string;
  /** The key that the upload was created with. */
  readonly key: string;
}

/** A part as the client names it to complete an upload. */
export interface CompletedPart {
  /** From 1 to `multipartLimits.maxParts`. */
  readonly partNumber: number;
  /** With or without quotes. */
  readonly etag: string;
}

/** A stored part. */
export interface UploadedPart extends CompletedPart {
  readonly bytes: number;
}

/** The object of a completed upload. */
export interface CompletedUpload {
  readonly bucket: string;
  readonly key: string;
  /** URL of the object, absolute or relative to the API. */
  readonly location: string;
  /** Version of the object; absent if the storage keeps no versions, or does not tell. */
  readonly versionId?: string;
  /** Id of the job that the upload becomes; null for an asset, or if the storage does not tell. */
  readonly jobId: string | null;
}

/** Limits of multipart uploads (Amazon S3 user guide, "Amazon S3 multipart upload limits"). */
export const multipartLimits = {
  maxParts: 10_000,
  /** Size of every part but the last, bytes. */
  minPartBytes: 5 * 2 ** 20,
  maxPartBytes: 5 * 2 ** 30,
  maxObjectBytes: 5 * 2 ** 40,
} as const;

/** A multipart upload cannot do what the client requests. The message is for the client. */
export class UploadFailure extends Error {
  /** `missing`: no such upload; `invalid-parts`: the parts do not make an object. */
  readonly kind: "missing" | "invalid-parts";

  constructor(kind: UploadFailure["kind"], message: string) {
    super(message);
    this.name = "UploadFailure";
    this.kind = kind;
  }
}

/**
 * Lets clients upload directly to the storage, by URLs that expire. Multipart uploads can be resumed. Methods with a
 * `MultipartReference` reject with `UploadFailure` `missing` if no such upload exists.
 */
export interface UploadSigner {
  /** Signs the upload of a whole file. The storage enforces key, type, metadata and the conditions. */
  signUpload(target: UploadTarget, conditions: UploadConditions): Promise<UploadForm>;
  createMultipart(target: UploadTarget): Promise<{ readonly uploadId: string }>;
  /** Signs a PUT of one part. A part that is sent again replaces the first. */
  signPart(upload: MultipartReference, partNumber: number): Promise<{ readonly url: string }>;
  /** Stored parts, ordered by number. */
  listParts(upload: MultipartReference): Promise<readonly UploadedPart[]>;
  /**
   * Stores the object from its parts, in the order of their numbers. A repeated call returns the first result. Rejects
   * with `UploadFailure` `invalid-parts` if a part is missing, too small, out of order or has another ETag.
   */
  completeMultipart(upload: MultipartReference, parts: readonly CompletedPart[]): Promise<CompletedUpload>;
  abortMultipart(upload: MultipartReference): Promise<void>;
}
