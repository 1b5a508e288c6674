import type { SceneCut } from "./edge-search.ts";
import { type ChannelLabels, noLabels } from "./label-tracker.ts";
import type { PlaylistPosition } from "./playlist/position.ts";

/** A label that a frame shows. */
export interface ShownLabel {
  readonly name: string;
  /** Percent. */
  readonly confidence: number;
}

/** What a watcher remembers of its channel between segments. JSON. */
export interface WatcherState {
  /** Absent before the first playlist. */
  readonly position?: PlaylistPosition;
  /** Id of the last archived segment. */
  readonly lastSegmentId?: string;
  /** The last frame that was detected: near-duplicates of it are not detected again. */
  readonly lastDetection?: {
    /** Perceptual hash, 16 hexadecimal digits. */
    readonly hash: string;
    readonly labels: readonly ShownLabel[];
  };
  readonly labels: ChannelLabels;
  /** The latest scene cuts, in order. */
  readonly cuts: readonly SceneCut[];
}

/** State of a channel that was never watched. */
export const initialWatcherState: WatcherState = { labels: noLabels, cuts: [] };

/** More than between two observations of a channel that changes its scene each second. */
const maxCuts = 64;

/** Adds cuts, and drops the oldest. */
export const rememberCuts = (cuts: readonly SceneCut[], added: readonly SceneCut[]): readonly SceneCut[] =>
  [...cuts, ...added].slice(-maxCuts);
