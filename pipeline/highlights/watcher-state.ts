import { UserError } from "../errors/errors.ts";
import type { ChannelProblems } from "./channel-status.ts";
import type { CutBudget } from "./cut-budget.ts";
import type { SceneCut } from "./edge-search.ts";
import { type ChannelLabels, noLabels } from "./label-tracker.ts";
import type { PlaylistPosition } from "./playlist/position.ts";
import type { RecentDetection } from "./recent-detections.ts";

/** A segment that could not be archived yet. */
export interface SegmentAttempts {
  readonly segmentId: string;
  /** Times that decoding it was begun again after a run that ended. */
  readonly scans: number;
  /** Since when it cannot be read or decoded for another reason, epoch milliseconds. */
  readonly failingSinceMs?: number;
}

/**
 * What a watcher remembers of its channel between segments. JSON. It has two positions: the archive position is the
 * playlist's position and the last archived segment; the detection position follows it, and may be behind.
 */
export interface WatcherState {
  /** Absent before the first playlist. */
  readonly position?: PlaylistPosition;
  /** Id of the last archived segment. */
  readonly lastSegmentId?: string;
  /** Id of the last segment whose candidates were detected. */
  readonly detectedSegmentId?: string;
  /** Absent if the next segment was not begun. */
  readonly attempts?: SegmentAttempts;
  readonly problems: ChannelProblems;
  /** Detections of the views shown last, in this order: frames that look the same are not detected again. */
  readonly recentDetections: readonly RecentDetection[];
  /** Absent before the first cut. */
  readonly cutBudget?: CutBudget;
  readonly labels: ChannelLabels;
  /** The latest scene cuts, in order. */
  readonly cuts: readonly SceneCut[];
}

/** State of a channel that was never watched. */
export const initialWatcherState: WatcherState = {
  problems: {},
  recentDetections: [],
  labels: noLabels,
  cuts: [],
};

const isWatcherState = (value: unknown): value is Omit<WatcherState, "recentDetections"> =>
  typeof value === "object" && value !== null && "labels" in value && "cuts" in value && "problems" in value;

/**
 * Converts what is stored of a channel; the initial state if nothing is.
 *
 * @throws UserError if no watcher of this version wrote it: beginning anew would lose what is open, and be paid again
 */
export const parseWatcherState = (channel: string, value: unknown): WatcherState => {
  if (value === undefined) return initialWatcherState;
  if (isWatcherState(value)) return { ...initialWatcherState, ...value };
  throw new UserError(
    `The state in the record of channel ${channel} is not one of this version of Reelway. Deploy the version that wrote it. If you have no such version, remove the attribute state of the item: the channel begins anew.`,
  );
};

/** More than between two observations of a channel that changes its scene each second. */
const maxCuts = 64;

/** Adds cuts, and drops the oldest. */
export const rememberCuts = (cuts: readonly SceneCut[], added: readonly SceneCut[]): readonly SceneCut[] =>
  [...cuts, ...added].slice(-maxCuts);
