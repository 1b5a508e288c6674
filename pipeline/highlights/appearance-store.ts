import type { DetectedCelebrity, Detection, DetectionFailure } from "../ports/label-detector.ts";
import type { Appearance } from "./appearance.ts";
import type { ArchivedSegment, FrameReference } from "./segment.ts";
import type { CapDecision, DetectionCaps, DetectionUsage } from "./usage.ts";

/** Proof that a watcher holds a channel. */
export interface Lease {
  readonly channel: string;
  readonly ownerId: string;
  /** Fencing token: larger for each lease of the channel. */
  readonly token: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** The parts of a watcher that can have a problem. Of two, the first one is the more important. */
export const channelParts = ["archive", "detection", "frames", "cap"] as const;
/**
 * `archive`: what is archived. `detection`: it fails, and is behind. `frames`: some are not searched, or only in part.
 * `cap`: it stops detection.
 */
export type ChannelPart = (typeof channelParts)[number];

/** What a watcher says about its channel. */
export interface ChannelStatus {
  /**
   * `watching`: new segments come. `stalled`: the playlist does not change. `ended`: the playlist has ended. `capped`: a
   * cap stops detection, not archiving. `error`: the message says why and what to do.
   */
  readonly name: "watching" | "stalled" | "ended" | "capped" | "error";
  readonly message: string;
  /** Epoch seconds of the newest archived segment's start; absent before the first one. */
  readonly lastSegmentAt?: number;
  /** Epoch seconds of the newest archived segment's end; absent before the first one. */
  readonly lastSegmentEndsAt?: number;
  /** Epoch seconds of the last request of the playlist. */
  readonly lastPolledAt?: number;
  /** Epoch seconds of the newest searched segment's start; absent before the first one. */
  readonly lastDetectedAt?: number;
  /** Epoch seconds at which the count of the reached cap begins again; absent without a cap. */
  readonly capResetsAt?: number;
  /** What the message is about; absent without a problem. */
  readonly parts?: readonly ChannelPart[];
}
export interface ChannelRecord {
  readonly channel: string;
  readonly paused: boolean;
  readonly status?: ChannelStatus;
  /** Why clips of the channel cannot be requested, for people; absent if they can. */
  readonly clipProblem?: string;
}
/** A channel with what its watcher goes on from. */
export interface SavedChannel extends ChannelRecord {
  /** The watcher's state, as `saveState` stored it; absent before the first run. */
  readonly state?: unknown;
}

/**
 * Which segments to list. By id: those of `fromId` to `toId`, both included, ordered by id. By time: those that overlap
 * `fromTime` to `toTime` (epoch seconds), ordered by start.
 */
export type SegmentRange =
  | { readonly fromId?: string; readonly toId?: string }
  | { readonly fromTime: number; readonly toTime: number };

/** A detection that was made and stored. */
export interface DetectionRecord {
  readonly frame: FrameReference;
  readonly detection: Detection;
  /** Object key of the frame, JPEG; absent if it was not kept. */
  readonly imageKey?: string;
  readonly usd: number;
  /** What was not searched for, to save its price; absent if the detection is complete. */
  readonly omitted?: SightingKind;
}
/**
 * `claimed`: the caller may pay for the call, and then calls `storeDetection` or `failDetection`. `detected`: the result
 * exists. `unknown`: the call may have been paid and has no result; do not repeat it. Its claim is `abandoned` by a process
 * that ended, or the response of the call is `lost`.
 */
export type DetectionClaim =
  | { readonly status: "claimed" }
  | { readonly status: "detected"; readonly record: DetectionRecord }
  | { readonly status: "unknown"; readonly reason: "abandoned" | "lost" };
/** Why a claim is given back; `capped`: no reservation; `aborted`: the run ended before the call. */
export type ClaimFailureKind = DetectionFailure["kind"] | "capped" | "aborted";

export const sightingKinds = ["label", "celebrity"] as const;
export type SightingKind = (typeof sightingKinds)[number];
/** A label or a celebrity in one frame. */
export interface Sighting {
  readonly kind: SightingKind;
  /** The label's name; for a celebrity, the id of `DetectedCelebrity`. */
  readonly id: string;
  readonly name: string;
  readonly frame: FrameReference;
  /** Percent. */
  readonly confidence: number;
  /** Object key of the frame, JPEG. */
  readonly imageKey?: string;
  /** Pages about a celebrity. */
  readonly urls?: DetectedCelebrity["urls"];
}
/** A label or a celebrity of a channel, over all its sightings. */
export interface LabelRecord {
  readonly kind: SightingKind;
  readonly id: string;
  readonly name: string;
  /** Number of sightings. */
  readonly count: number;
  /** Epoch seconds. */
  readonly firstSeenAt: number;
  /** Epoch seconds. */
  readonly lastSeenAt: number;
  /** Highest of all sightings, percent. */
  readonly confidence: number;
  /** Of the newest sighting, so that it is kept as long as the record. */
  readonly imageKey?: string;
  readonly urls?: DetectedCelebrity["urls"];
}
export interface LabelPage {
  readonly labels: readonly LabelRecord[];
  /** Pass to the next call; absent on the last page. */
  readonly cursor?: string;
}

export interface StoredAppearance extends Appearance {
  /** 1 for a new appearance; each write adds 1. */
  readonly revision: number;
}
export interface AppearancePage {
  readonly appearances: readonly StoredAppearance[];
  /** Pass to the next call; absent on the last page. */
  readonly cursor?: string;
}
export interface PageOptions {
  /** Default 50. */
  readonly limit?: number;
  readonly cursor?: string;
}

/** Longest segment that can be stored, so that a search by time knows how far back to read. */
export const maxSegmentSeconds = 600;
/** Most frames of a segment, and most candidates of it, that fit a record: 120 frames a second. */
export const maxSegmentFrames = 120 * maxSegmentSeconds;
export const maxSegmentCandidates = 9000;
/** Largest state of a channel, bytes of JSON: below DynamoDB's limit of 400 KB an item. */
export const maxStateBytes = 350_000;

/**
 * The tables of watched channels. Each change is one conditional write on one item. If the condition fails, the item is
 * unchanged. Everything but the channel's own record expires after the channel's retention, counted from the last write.
 * Operations reject with `StoreFailure`.
 */
export interface AppearanceStore {
  /**
   * Takes the lease if nobody holds it, or it has expired by the clock. The owner that holds it gets it again, with a new
   * token.
   *
   * @param ownerId identifies one run of a watcher
   * @returns undefined if another owner holds it
   */
  acquireLease(channel: string, ownerId: string, seconds: number): Promise<Lease | undefined>;
  /** Extends the lease, from now. Returns undefined if it was released or another owner has taken it. */
  renewLease(lease: Lease, seconds: number): Promise<Lease | undefined>;
  /** Returns false if the lease was lost before. */
  releaseLease(lease: Lease): Promise<boolean>;

  /** A channel without a record is not paused, and has no status. The watcher's state, which is large, is not read. */
  readChannel(channel: string): Promise<ChannelRecord>;
  /** Reads a channel with the watcher's state. */
  readSavedChannel(channel: string): Promise<SavedChannel>;
  /** Returns false if the channel is already so. */
  setPaused(channel: string, paused: boolean): Promise<boolean>;
  /** Replaces the reason why clips cannot be requested; undefined if they can. Needs no lease. */
  setClipProblem(channel: string, message: string | undefined): Promise<void>;
  /**
   * Stores the watcher's state (JSON, at most `maxStateBytes`) and its status in one write.
   *
   * @returns false if the lease was released or another owner has taken it
   * @throws StoreFailure `invalid` if the state is too large
   */
  saveState(lease: Lease, state: unknown, status: ChannelStatus): Promise<boolean>;

  /**
   * Stores a segment unless its id exists. Returns the stored segment, and whether this call wrote it. Frame times are
   * rounded to the microsecond, and scene scores to a millionth: continue with the returned segment.
   *
   * @throws StoreFailure `invalid` if the segment is longer than `maxSegmentSeconds`, or has more than `maxSegmentFrames`
   *   or `maxSegmentCandidates`
   */
  putSegment(
    segment: ArchivedSegment,
  ): Promise<{ readonly isNew: boolean; readonly segment: ArchivedSegment }>;
  readSegment(channel: string, id: string): Promise<ArchivedSegment | undefined>;
  /** By id, each stored segment is found; by time, one of the last seconds may be missing. */
  listSegments(channel: string, range: SegmentRange): AsyncIterable<ArchivedSegment>;
  /**
   * Start of the segment with the earliest one, epoch seconds; undefined without a segment. A write of the last seconds may
   * be missing.
   */
  readArchiveStart(channel: string): Promise<number | undefined>;

  /**
   * Claims a frame before a paid call. One of many concurrent claims wins; a failed detection can be claimed again.
   *
   * @param claim `token` of the watcher's lease; `at`: epoch seconds
   */
  claimDetection(
    channel: string,
    frame: FrameReference,
    claim: { readonly token: number; readonly at: number },
  ): Promise<DetectionClaim>;
  /** Returns the result of a frame; undefined if it has none. */
  readDetection(channel: string, frame: FrameReference): Promise<DetectionRecord | undefined>;
  /** Stores the result of a claimed call. Also returns true if the same token has stored it before. */
  storeDetection(
    channel: string,
    frame: FrameReference,
    token: number,
    result: Omit<DetectionRecord, "frame">,
  ): Promise<boolean>;
  /**
   * Gives the claim back, after a call that costs nothing or was not made. A call that may be billed keeps its claim as
   * `lost`. Returns false if the token does not hold it.
   */
  failDetection(
    channel: string,
    frame: FrameReference,
    token: number,
    failure: {
      readonly kind: ClaimFailureKind;
      readonly message: string;
      /** @default false */
      readonly mayBeBilled?: boolean;
    },
  ): Promise<boolean>;
  /** Stored detections of frames from `fromTime` until before `toTime` (epoch seconds), ordered by time. */
  listDetections(
    channel: string,
    range: { readonly fromTime: number; readonly toTime: number },
  ): AsyncIterable<DetectionRecord>;

  /**
   * Counts one detection against both caps, if neither would be exceeded. Both counts change in one conditional write, so
   * a refused detection counts nothing. A reservation stays counted if the call fails. A retried request may count
   * twice, which wastes one but exceeds no cap.
   *
   * @param at epoch seconds; the hour and the day are UTC
   * @param usd price of the call, counted in whole micro-dollars
   */
  reserveDetection(channel: string, at: number, usd: number, caps: DetectionCaps): Promise<CapDecision>;
  readUsage(channel: string, at: number): Promise<DetectionUsage>;

  /** Counts a sighting. Returns false for a frame that is not after the last counted one of the same label. */
  recordSighting(channel: string, sighting: Sighting): Promise<boolean>;
  /**
   * Last seen first. A label that is seen again between two pages moves to the first page.
   *
   * @throws StoreFailure `invalid` if the cursor is not valid
   */
  listLabels(channel: string, kind: SightingKind, options?: PageOptions): Promise<LabelPage>;

  /**
   * Writes an appearance in place of a revision; absent: only if it is new. Returns the stored appearance, and whether it
   * is the given one: also true if an earlier call has written the same. One with `mergedInto` is not listed any more.
   */
  putAppearance(
    appearance: Appearance,
    expectedRevision?: number,
  ): Promise<{ readonly written: boolean; readonly appearance: StoredAppearance | undefined }>;
  /** Also an appearance that was merged into another. */
  readAppearance(channel: string, id: string): Promise<StoredAppearance | undefined>;
  /**
   * Newest start first; of one label or of all. A write of the last seconds may be missing.
   *
   * @throws StoreFailure `invalid` if the cursor is not valid
   */
  listAppearances(
    channel: string,
    options?: PageOptions & { readonly label?: string },
  ): Promise<AppearancePage>;
  /**
   * Keeps an open appearance for the channel's retention from now. At most two writes a day.
   *
   * @returns whether its expiry changed
   */
  keepAppearance(channel: string, id: string): Promise<boolean>;
  /** Newest start first. A write of the last seconds may be missing. */
  listOpenAppearances(channel: string): Promise<readonly StoredAppearance[]>;
  /** Those whose clip is still to be requested (`needsClip`), newest start first. A write of the last seconds may be missing. */
  listUnclippedAppearances(channel: string): Promise<readonly StoredAppearance[]>;
}
