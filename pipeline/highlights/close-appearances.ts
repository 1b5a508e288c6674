import { DetectionFailure } from "../ports/label-detector.ts";
import { getSegmentEnd } from "./frame-order.ts";
import { closeLabels, endLabelsUnsearched } from "./label-tracker.ts";
import type { ArchivedSegment } from "./segment.ts";
import { updateAppearances } from "./update-appearances.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { WatcherState } from "./watcher-state.ts";

/** Whether something is still to be ended. */
export const isShowing = ({ labels, recentDetections }: WatcherState): boolean =>
  recentDetections.length > 0 || labels.labels.some(({ isPresent }) => isPresent);

/**
 * Ends what the channel shows after the last frames known to show it, without a detection. Later frames are detected
 * anew.
 *
 * @throws StoreFailure, LeaseLostError
 */
export const endAppearancesUnsearched = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  state: WatcherState,
): Promise<WatcherState> => {
  const { state: labels, actions } = endLabelsUnsearched(state.labels);
  await updateAppearances(ports, watched, actions, state);
  return { ...state, recentDetections: [], labels };
};

const close = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  state: WatcherState,
  segment: ArchivedSegment | undefined,
  { isCutOff, signal }: { readonly isCutOff: boolean; readonly signal: AbortSignal | undefined },
): Promise<WatcherState> => {
  if (segment === undefined) return endAppearancesUnsearched(ports, watched, state);
  const segmentEnd = getSegmentEnd(segment);
  const { state: labels, actions } = closeLabels(
    state.labels,
    isCutOff ? { ...segmentEnd, isCutOff } : segmentEnd,
  );
  await updateAppearances(ports, watched, actions, state, signal);
  return { ...state, recentDetections: [], labels };
};

/**
 * Ends what the channel shows at the end of a segment: it has ended, restarted, or misses segments after it. The exact
 * ends are searched.
 *
 * @param segment undefined if it has expired: then nothing is searched
 * @throws DetectionFailure, StoreFailure, JobFailure that is not about the media, LeaseLostError
 */
export const closeAppearances = (
  ports: WatchPorts,
  watched: WatchedChannel,
  state: WatcherState,
  segment: ArchivedSegment | undefined,
  signal?: AbortSignal,
): Promise<WatcherState> => close(ports, watched, state, segment, { isCutOff: false, signal });

/**
 * Ends what the channel shows at the end of a segment after which nothing is searched any more: at the exact ends, or
 * after the last frames known to show it if the detector fails.
 *
 * @param isCutOff whether there are frames after the segment: what is shown at its end may have lasted longer
 * @throws StoreFailure, JobFailure that is not about the media, LeaseLostError
 */
export const closeFinally = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  state: WatcherState,
  segment: ArchivedSegment | undefined,
  { isCutOff, signal }: { readonly isCutOff: boolean; readonly signal: AbortSignal | undefined },
): Promise<WatcherState> => {
  try {
    return await close(ports, watched, state, segment, { isCutOff, signal });
  } catch (cause) {
    if (!(cause instanceof DetectionFailure)) throw cause;
    ports.log.warn("Appearances end where their labels were found last: detection fails", {
      channel: watched.channel.name,
      kind: cause.kind,
      error: cause,
    });
    return endAppearancesUnsearched(ports, watched, state);
  }
};

/**
 * Leaves a segment unsearched: what is shown later does not begin before its end, and if it begins there, not exactly.
 * Nothing may be shown before it.
 */
export const skipFrames = (state: WatcherState, segment: ArchivedSegment): WatcherState => ({
  ...state,
  labels: closeLabels(state.labels, { ...getSegmentEnd(segment), isCutOff: true }).state,
});
