import type { ByteRange } from "./channel-fetcher.ts";
import type { StoredObject } from "./frame-reader.ts";

/** A part of a channel that is copied to the archive. */
export interface ArchiveRequest {
  /** Object key. */
  readonly key: string;
  readonly url: string;
  readonly byteRange?: ByteRange;
  /** AES-128 decryption; absent for a part that is not encrypted. */
  readonly encryption?: { readonly keyUrl: string; readonly iv: Uint8Array };
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
  /** Stores a frame, JPEG. @throws StoreFailure */
  writeImage(key: string, image: Uint8Array): Promise<void>;
}
