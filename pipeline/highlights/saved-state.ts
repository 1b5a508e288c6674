import type { AppearanceStore, ChannelStatus, SavedChannel } from "./appearance-store.ts";
import { type ChannelLease, LeaseLostError } from "./channel-lease.ts";
import { summarizeProblems } from "./channel-status.ts";
import { parseWatcherState, type WatcherState } from "./watcher-state.ts";

/** Times that a status tells, epoch seconds. */
export type StatusTimes = Pick<
  ChannelStatus,
  "lastSegmentAt" | "lastSegmentEndsAt" | "lastPolledAt" | "lastDetectedAt"
>;

const timeNames = ["lastSegmentAt", "lastSegmentEndsAt", "lastPolledAt", "lastDetectedAt"] as const;
const getTimes = (status: StatusTimes = {}): StatusTimes =>
  Object.fromEntries(timeNames.flatMap((name) => (status[name] === undefined ? [] : [[name, status[name]]])));

/** The state of a channel, as a run has saved it. */
export interface SavedState {
  readonly current: WatcherState;
  /** As they were saved. */
  readonly times: StatusTimes;
  /**
   * Saves a state and the status that follows from it, in one write. The current state is the given one once it is
   * written: after a failure, the run goes on from the one before, as another run would.
   *
   * @throws LeaseLostError, StoreFailure
   */
  save(next: WatcherState, times?: StatusTimes): Promise<void>;
}

/**
 * Opens the state of a channel that a run holds.
 *
 * @param record as it was read under the lease
 * @throws UserError if no watcher of this version wrote it
 */
export const openSavedState = (
  store: Pick<AppearanceStore, "saveState">,
  lease: ChannelLease,
  record: SavedChannel,
): SavedState => {
  let current = parseWatcherState(record.channel, record.state);
  let times = getTimes(record.status);
  return {
    get current() {
      return current;
    },
    get times() {
      return times;
    },
    async save(next, changedTimes = {}) {
      const nextTimes = { ...times, ...changedTimes };
      const status = { ...summarizeProblems(next.problems), ...nextTimes };
      if (!(await store.saveState(lease.current, next, status))) throw new LeaseLostError(record.channel);
      current = next;
      times = nextTimes;
    },
  };
};
