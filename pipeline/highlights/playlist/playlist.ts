import type { ByteRange } from "../channel-fetcher.ts";

/** How a segment is encrypted: AES-128 in CBC mode with PKCS #7 padding (RFC 8216, 5.2). */
export interface SegmentKey {
  readonly method: "AES-128";
  /** Absolute URL of the 16 bytes of the key. */
  readonly url: string;
  /** The initialization vector, 16 bytes. */
  readonly iv: Uint8Array;
}
/** What a decoder reads before the segments it applies to: `EXT-X-MAP`. */
export interface InitializationSection {
  readonly url: string;
  readonly byteRange?: ByteRange;
  readonly key?: SegmentKey;
}
export interface ProgramDateTime {
  /** Epoch milliseconds of the segment's first frame; may have a fraction. */
  readonly epochMs: number;
  /** Whether a tag of this segment says it; else computed from the durations since a tag, or until the next one. */
  readonly isExplicit: boolean;
}
export interface MediaSegment {
  readonly mediaSequence: number;
  readonly discontinuitySequence: number;
  /** Whether a discontinuity is directly before it. */
  readonly isDiscontinuity: boolean;
  /** Absolute URL. */
  readonly url: string;
  /** @default the whole resource */
  readonly byteRange?: ByteRange;
  readonly durationSeconds: number;
  readonly programDateTime?: ProgramDateTime;
  /** Whether the server has no content for it. It must not be requested. */
  readonly isGap: boolean;
  /** Absent for a segment in the clear. */
  readonly key?: SegmentKey;
  readonly initializationSection?: InitializationSection;
}
/** The segments of one rendition (RFC 8216, 4.3.3). */
export interface MediaPlaylist {
  readonly kind: "media";
  readonly url: string;
  readonly targetDurationSeconds: number;
  /** Of the first segment. */
  readonly mediaSequence: number;
  /** As the playlist declares it, else 0. */
  readonly discontinuitySequence: number;
  /** Whether no segment will follow. */
  readonly isEnded: boolean;
  readonly playlistType?: "EVENT" | "VOD";
  readonly segments: readonly MediaSegment[];
}

/** A variant stream (RFC 8216, 4.3.4.2). */
export interface Variant {
  /** Absolute URL of its media playlist. */
  readonly url: string;
  /** Peak, bit/s. */
  readonly bandwidth: number;
  /** Bit/s. */
  readonly averageBandwidth?: number;
  /** Pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Frames per second. */
  readonly frameRate?: number;
  /** RFC 6381. Empty if not declared. */
  readonly codecs: readonly string[];
  /** Group of its audio renditions. */
  readonly audioGroup?: string;
}
/** An alternative audio rendition (RFC 8216, 4.3.4.1). */
export interface AudioRendition {
  readonly groupId: string;
  readonly name: string;
  /** BCP 47. */
  readonly language?: string;
  readonly isDefault: boolean;
  /** Absolute URL of its media playlist; absent if the variants contain the audio. */
  readonly url?: string;
}
/** The variants of one presentation (RFC 8216, 4.3.4). */
export interface MultivariantPlaylist {
  readonly kind: "multivariant";
  readonly url: string;
  /** In the playlist's order, without I-frame streams. */
  readonly variants: readonly Variant[];
  readonly audioRenditions: readonly AudioRendition[];
  /** Of `EXT-X-DEFINE`, for the media playlists that import them. */
  readonly variables: ReadonlyMap<string, string>;
}
