import { DetectionFailure } from "../ports/label-detector.ts";
import type { CandidateImages } from "./candidate-images.ts";
import { replaceProblem } from "./channel-status.ts";
import { closeAppearances, closeFinally, isShowing, skipFrames } from "./close-appearances.ts";
import { describeDetectionFailure, updateDetectionProblems } from "./detection-status.ts";
import { processSegment } from "./process-segment.ts";
import type { ArchivedSegment } from "./segment.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { WatcherState } from "./watcher-state.ts";

export interface DetectOptions {
  /** Images of segments that were just scanned; others are read from the archive. */
  readonly images: CandidateImages;
  /** Segments that are further behind the last archived one are not searched, seconds. */
  readonly maxBacklogSeconds: number;
  readonly signal?: AbortSignal;
}

/** Whether nothing that was shown goes on after the last archived segment. */
const isOver = ({ position }: WatcherState): boolean =>
  position !== undefined && (position.isEnded || position.isStopped || position.isInterrupted);

/** Whether the last segment came so long ago that it is not searched any more. */
const isOld = ({ position }: WatcherState, nowMs: number, maxBacklogSeconds: number): boolean =>
  position !== undefined && nowMs - position.changedMs > maxBacklogSeconds * 1000;

/** Whether the detection position is behind the archive position, or has something to end there. */
export const hasPendingDetections = (state: WatcherState): boolean =>
  state.lastSegmentId !== state.detectedSegmentId ||
  (state.lastSegmentId !== undefined && isOver(state) && isShowing(state));

/** A step of the detection position. */
export interface DetectionStep {
  /** To save. */
  readonly state: WatcherState;
  /** Epoch seconds of the start of the last segment that is done with; absent if none is. */
  readonly lastDetectedAt?: number;
}

/** Counts the archived seconds after each segment. A clock does not tell them: the channel may have been off between. */
const measureBacklog = async (segments: AsyncIterable<ArchivedSegment>): Promise<(id: string) => number> => {
  const pending: Pick<ArchivedSegment, "id" | "durationSeconds">[] = [];
  for await (const { id, durationSeconds } of segments) pending.push({ id, durationSeconds });
  const backlog = new Map<string, number>();
  let seconds = 0;
  for (const { id, durationSeconds } of pending.reverse()) {
    backlog.set(id, seconds);
    seconds += durationSeconds;
  }
  return (id) => backlog.get(id) ?? 0;
};

/**
 * The detection position of a watcher: detects the candidates of the stored segments after `detectedSegmentId` up to
 * `lastSegmentId`, in order, and begins and ends appearances. Where frames are missing before a segment, and after the
 * last segment of a channel that has ended or stopped, what was shown is ended first.
 *
 * It yields a step after each segment. The caller saves it before it asks for the next one, and may stop at any time:
 * what follows depends on the state, the stored segments and the stored detections alone, so that a later run goes on
 * from there, and a crash repeats one segment. Of the state, only the detection's fields are changed.
 *
 * A failure of the detector is the last step: the position stays before the segment, whose detections are stored, and a
 * later call tries again. Meanwhile the backlog grows up to its limit; what is beyond it counts as missing frames, and what
 * was shown before it is ended, even if the detector still fails.
 *
 * @throws StoreFailure, JobFailure that is not about the media, LeaseLostError
 */
export async function* detectSegments(
  ports: WatchPorts,
  watched: WatchedChannel,
  initialState: WatcherState,
  { images, maxBacklogSeconds, signal }: DetectOptions,
): AsyncGenerator<DetectionStep> {
  const { store, log } = ports;
  const { name } = watched.channel;
  const { lastSegmentId, detectedSegmentId } = initialState;
  if (lastSegmentId === undefined || !hasPendingDetections(initialState)) return;
  let state = initialState;
  let previous: ArchivedSegment | undefined;
  const range = {
    ...(detectedSegmentId === undefined ? {} : { fromId: detectedSegmentId }),
    toId: lastSegmentId,
  };
  const getBacklogSeconds = await measureBacklog(store.listSegments(name, range));
  let isBehind = false;
  try {
    for await (const segment of store.listSegments(name, range)) {
      const isSkipped = segment.id !== detectedSegmentId && getBacklogSeconds(segment.id) > maxBacklogSeconds;
      if (isSkipped) {
        if (!isBehind) log.warn("Segments are not searched: detection is too far behind", { channel: name });
        if (isShowing(state))
          state = await closeFinally(ports, watched, state, previous, { isCutOff: true, signal });
        state = skipFrames({ ...state, detectedSegmentId: segment.id }, segment);
        images.remove(segment.id);
      } else if (segment.id !== detectedSegmentId) {
        const opened = segment.isInterrupted
          ? await closeAppearances(ports, watched, state, previous, signal)
          : state;
        const processed = await processSegment(ports, watched, opened, { segment, previous, images }, signal);
        const now = ports.clock.now().getTime() / 1000;
        state = {
          ...processed.state,
          problems: updateDetectionProblems(processed.state.problems, processed, now),
        };
        images.remove(segment.id);
        yield { state, lastDetectedAt: segment.startTime };
      }
      isBehind = isSkipped;
      previous = segment;
    }
    if (isOver(state) && isShowing(state)) {
      const closed = isOld(state, ports.clock.now().getTime(), maxBacklogSeconds)
        ? closeFinally(ports, watched, state, previous, { isCutOff: false, signal })
        : closeAppearances(ports, watched, state, previous, signal);
      yield { state: await closed };
    }
  } catch (cause) {
    if (!(cause instanceof DetectionFailure)) throw cause;
    log.warn("Detection failed; it is tried again", { channel: name, kind: cause.kind, error: cause });
    const problems = replaceProblem(state.problems, "detection", describeDetectionFailure(cause));
    yield { state: { ...state, problems } };
  }
}
