import type { ChannelSettings } from "../configuration/channels-schema.ts";
import type { Clock } from "../ports/clock.ts";
import type { LabelDetector } from "../ports/label-detector.ts";
import type { Logger } from "../ports/logger.ts";
import type { Appearance } from "./appearance.ts";
import type { AppearanceStore } from "./appearance-store.ts";
import type { ChannelFetcher } from "./channel-fetcher.ts";
import type { ChannelLease } from "./channel-lease.ts";
import type { FrameReader } from "./frame-reader.ts";
import type { SegmentArchive } from "./segment-archive.ts";

/** What becomes of the appearances of a channel. */
export interface AppearanceListener {
  /** Called at least once when an appearance begins, and at least once when it has ended. */
  onStarted(appearance: Appearance): Promise<void>;
  onEnded(appearance: Appearance): Promise<void>;
}

/** Ports of a watcher. */
export interface WatchPorts {
  readonly fetcher: ChannelFetcher;
  readonly archive: SegmentArchive;
  readonly frames: FrameReader;
  readonly detector: LabelDetector;
  readonly store: AppearanceStore;
  readonly listener: AppearanceListener;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A channel that a watcher holds. */
export interface WatchedChannel {
  readonly channel: ChannelSettings;
  readonly lease: ChannelLease;
  /** Prefix of the archive's object keys; empty or ending in `/`. */
  readonly archivePrefix: string;
}
