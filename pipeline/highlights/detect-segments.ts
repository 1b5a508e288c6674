import { DetectionFailure } from "../ports/label-detector.ts";
import type { CandidateImages } from "./candidate-images.ts";
import { describeDetectionFailure, describeUndetected, replaceProblem } from "./channel-status.ts";
import { closeAppearances, processSegment } from "./process-segment.ts";
import type { ArchivedSegment } from "./segment.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { WatcherState } from "./watcher-state.ts";

/** Whether nothing that was shown goes on after the last archived segment. */
const isOver = ({ position }: WatcherState): boolean =>
  position !== undefined && (position.isEnded || position.isStopped || position.isInterrupted);

/** Whether something is still to be ended. */
const isOpen = ({ labels, lastDetection }: WatcherState): boolean =>
  lastDetection !== undefined || labels.labels.some(({ isPresent }) => isPresent);

/** Whether the detection position is behind the archive position, or has something to end there. */
export const hasPendingDetections = (state: WatcherState): boolean =>
  state.lastSegmentId !== state.detectedSegmentId ||
  (state.lastSegmentId !== undefined && isOver(state) && isOpen(state));

/**
 * The detection position of a watcher: detects the candidates of the stored segments after `detectedSegmentId` up to
 * `lastSegmentId`, in order, and begins and ends appearances. Where frames are missing before a segment, and after the
 * last segment of a channel that has ended or stopped, what was shown is ended first.
 *
 * It yields a state after each segment. The caller saves it before it asks for the next one, and may stop at any time:
 * what follows depends on the state, the stored segments and the stored detections alone, so that a later run goes on
 * from there, and a crash repeats one segment. Of the state, only the detection's fields are changed.
 *
 * A failure of the detector is the last step: the position stays before the segment, whose detections are stored, and a
 * later call tries again.
 *
 * @param images images of segments that were just scanned; others are read from the archive
 * @throws StoreFailure, JobFailure that is not about the media, LeaseLostError
 */
export async function* detectSegments(
  ports: WatchPorts,
  watched: WatchedChannel,
  initialState: WatcherState,
  images: CandidateImages,
  signal?: AbortSignal,
): AsyncGenerator<WatcherState> {
  const { store } = ports;
  const { name } = watched.channel;
  const { lastSegmentId, detectedSegmentId } = initialState;
  if (lastSegmentId === undefined || !hasPendingDetections(initialState)) return;
  let state = initialState;
  let previous: ArchivedSegment | undefined;
  const range = {
    ...(detectedSegmentId === undefined ? {} : { fromId: detectedSegmentId }),
    toId: lastSegmentId,
  };
  try {
    for await (const segment of store.listSegments(name, range)) {
      if (segment.id !== detectedSegmentId) {
        const opened =
          segment.isInterrupted && previous !== undefined
            ? await closeAppearances(ports, watched, state, previous, signal)
            : state;
        const processed = await processSegment(ports, watched, opened, { segment, previous, images }, signal);
        const problem = describeUndetected(
          processed.undetected,
          state.problems.detection,
          ports.clock.now().getTime() / 1000,
        );
        state = {
          ...processed.state,
          problems: replaceProblem(processed.state.problems, "detection", problem),
        };
        images.remove(segment.id);
        yield state;
      }
      previous = segment;
    }
    if (previous !== undefined && isOver(state) && isOpen(state))
      yield await closeAppearances(ports, watched, state, previous, signal);
  } catch (cause) {
    if (!(cause instanceof DetectionFailure)) throw cause;
    ports.log.warn("Detection failed; it is tried again", { channel: name, kind: cause.kind, error: cause });
    yield {
      ...state,
      problems: replaceProblem(state.problems, "detection", describeDetectionFailure(cause)),
    };
  }
}
