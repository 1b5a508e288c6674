import type { Readable } from "node:stream";

export interface ObjectReference {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}
/** An object to be read, perhaps only as long as it stays the one that was seen. */
export interface ReadReference extends ObjectReference {
  /** The ETag that the object must have. */
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
  /** The version a read without a version id gets. */
  readonly isLatest: boolean;
}
/** Who else may do what with an object, in the API's words (Elastic Transcoder, type Permission). */
export interface ObjectGrant {
  readonly granteeType: "Canonical" | "Email" | "Group";
  /** A canonical user's id, an e-mail address, or AllUsers, AuthenticatedUsers or LogDelivery. */
  readonly grantee: string;
  readonly access: readonly ("FullControl" | "Read" | "ReadAcp" | "WriteAcp")[];
}
export interface WriteOptions {
  readonly contentType: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Where the store has storage classes. */
  readonly storageClass?: "Standard" | "ReducedRedundancy";
  /** Where the store has grants. */
  readonly grants?: readonly ObjectGrant[];
  /** What must be under the key for the write to happen: no object, or exactly this one. @default anything */
  readonly condition?: { readonly absent: true } | ObjectIdentity;
}
/** Names one object under a key, which another may replace. Two objects of the same bytes may share an ETag. */
export interface ObjectIdentity {
  readonly etag: string;
  /** Compared as well where the store can. */
  readonly versionId?: string | undefined;
}

/** Objects in buckets. Every method rejects with `StoreFailure`. */
export interface ObjectStore {
  /** Undefined where there is no such object (or version). */
  head(reference: ObjectReference): Promise<ObjectHead | undefined>;
  /**
   * Bytes `start` to `end`, both included; the whole object without a range. Rejects with a `StoreFailure` of kind
   * `precondition` where the object has another ETag than the one asked for.
   */
  read(
    reference: ReadReference,
    range?: { readonly start: number; readonly end: number },
    signal?: AbortSignal,
  ): Promise<Readable>;
  /** Rejects with a `StoreFailure` of kind `precondition` where `options.condition` does not hold. */
  write(
    reference: ObjectReference,
    body: { readonly file: string } | { readonly text: string },
    options: WriteOptions,
  ): Promise<ObjectHead>;
  /**
   * Removes the object (in a versioned bucket: hides it). No error where there is none.
   *
   * @param condition the object to remove; for another one under the key it rejects with a `StoreFailure` of kind
   * `precondition`. @default any object
   */
  remove(reference: ObjectReference, condition?: ObjectIdentity): Promise<void>;
  /** Current objects, by key. */
  list(bucket: string, prefix: string): AsyncIterable<ObjectSummary>;
  /** All versions, by key, newest first; removed objects' markers are left out. */
  listVersions(bucket: string, prefix: string): AsyncIterable<ObjectSummary>;
}
