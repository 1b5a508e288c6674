import type { ByteRange } from "./channel-fetcher.ts";
import type { StoredObject } from "./frame-reader.ts";

/** A part of a channel. */
export interface ArchiveSource {
  readonly url: string;
  readonly byteRange?: ByteRange;
  /** AES-128 decryption; absent for a part that is not encrypted. */
  readonly encryption?: { readonly keyUrl: string; readonly iv: Uint8Array };
}
/** A part that is copied to the archive. */
export interface ArchiveRequest extends ArchiveSource {
  /** Object key. */
  readonly key: string;
}
/** A part whose source may have other content later, under the same URL. */
export interface ContentRequest extends ArchiveSource {
  /** The object's key is `keyPrefix`, a hash of the content, and `keySuffix`. */
  readonly keyPrefix: string;
  readonly keySuffix: string;
}

/** A part that was copied. */
export interface ArchivedPart extends StoredObject {
  /** False if its key had an object: an earlier run has copied it. */
  readonly isNew: boolean;
}

/** Copies parts of a channel to object storage. */
export interface SegmentArchive {
  /**
   * Copies a part unless its key has an object.
   *
   * @throws FetchFailure, DecryptionFailure, StoreFailure
   */
  copy(request: ArchiveRequest, signal?: AbortSignal): Promise<ArchivedPart>;
  /**
   * Copies a part to a key that contains a hash of its content. Requests that are equal are read once.
   *
   * @throws FetchFailure, DecryptionFailure, StoreFailure
   */
  copyContent(request: ContentRequest, signal?: AbortSignal): Promise<StoredObject>;
  /** Stores a frame, JPEG. @throws StoreFailure */
  writeImage(key: string, image: Uint8Array): Promise<void>;
}
