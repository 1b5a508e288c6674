import type { Readable } from "node:stream";

export interface ObjectReference {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}
/** An object to read, optionally only if it is unchanged. */
export interface ReadReference extends ObjectReference {
  /** Expected ETag. */
  readonly etag?: string;
}
export interface ObjectHead {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly etag: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
  readonly contentType?: string;
  /** User metadata, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
}
export interface ObjectSummary {
  readonly key: string;
  readonly versionId?: string;
  readonly etag: string;
  readonly bytes: number;
  /** ISO 8601. */
  readonly modifiedAt: string;
  /** True for the version that a read without a version id returns. */
  readonly isLatest: boolean;
}
/** Position in a list of versions: after a version of a key, or after all versions of a key. */
export interface VersionMarker {
  readonly key: string;
  readonly versionId?: string | undefined;
}
/** Part of a list of versions. */
export interface VersionPage {
  readonly versions: readonly ObjectSummary[];
  /** Where the next page begins; undefined on the last page. */
  readonly next?: VersionMarker | undefined;
}
/** A grant on an object (type Permission of Elastic Transcoder). */
export interface ObjectGrant {
  readonly granteeType: "Canonical" | "Email" | "Group";
  /** A canonical user's id, an e-mail address, or AllUsers, AuthenticatedUsers or LogDelivery. */
  readonly grantee: string;
  readonly access: readonly ("FullControl" | "Read" | "ReadAcp" | "WriteAcp")[];
}
export interface WriteOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Ignored by a store without storage classes. */
  readonly storageClass?: "Standard" | "ReducedRedundancy";
  /** Ignored by a store without grants. */
  readonly grants?: readonly ObjectGrant[];
  /** Write only if the key has no object, or exactly this one. @default unconditional */
  readonly condition?: { readonly absent: true } | ObjectIdentity;
}
/**
 * Identifies one object of a key, which may have been replaced since. Objects with equal bytes can have the same ETag.
 */
export interface ObjectIdentity {
  readonly etag: string;
  /** Also compared, if the store supports it. */
  readonly versionId?: string | undefined;
}

/** The content of an object. */
export type ObjectBody =
  | {
      readonly file: string;
      /**
       * True if the file is not changed afterwards. A store on the same file system then links the file instead of copying
       * and hashing it: the ETag is not an MD5. @default false
       */
      readonly canLink?: boolean;
    }
  | { readonly text: string };

/** Objects in buckets. All methods reject with `StoreFailure`. */
export interface ObjectStore {
  /** Returns undefined if the object (or version) does not exist. */
  head(reference: ObjectReference): Promise<ObjectHead | undefined>;
  /**
   * Reads bytes `start` to `end`, both included, or the whole object without a range. Rejects with a `StoreFailure` of
   * kind `precondition` if the object's ETag differs from the expected one.
   */
  read(
    reference: ReadReference,
    range?: { readonly start: number; readonly end: number },
    signal?: AbortSignal,
  ): Promise<Readable>;
  /** Reads like `read`, into one buffer: a chunk is valid until the next one is requested. @default `read` */
  readChunks?(
    reference: ReadReference,
    range: { readonly start: number; readonly end: number },
    signal?: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Rejects with a `StoreFailure` of kind `precondition` if `options.condition` is not met. */
  write(reference: ObjectReference, body: ObjectBody, options: WriteOptions): Promise<ObjectHead>;
  /**
   * Deletes the object (in a versioned bucket: adds a delete marker). Does nothing if it does not exist.
   *
   * @param condition the object to delete; if the key has another one, rejects with a `StoreFailure` of kind
   * `precondition`. @default any object
   */
  remove(reference: ObjectReference, condition?: ObjectIdentity): Promise<void>;
  /** Permanently deletes versions. Ignores those that do not exist. Cannot be undone. */
  removeVersions(
    bucket: string,
    versions: readonly Pick<ObjectSummary, "key" | "versionId">[],
  ): Promise<void>;
  /** Current objects, ordered by key. */
  list(bucket: string, prefix: string): AsyncIterable<ObjectSummary>;
  /** All versions, ordered by key, newest first. Delete markers are omitted. */
  listVersions(bucket: string, prefix: string): AsyncIterable<ObjectSummary>;
  /**
   * The same, in pages of about 1,000 versions, so that a later call can continue.
   *
   * @param after `next` of a page; the versions of that page may have been deleted since
   */
  listVersionPages(bucket: string, prefix: string, after?: VersionMarker): AsyncIterable<VersionPage>;
}
