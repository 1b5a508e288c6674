import { DetectionFailure } from "../ports/label-detector.ts";
import type { Appearance } from "./appearance.ts";
import type { AppearanceStore } from "./appearance-store.ts";
import { buildAppearanceId, parseAppearanceId } from "./appearances.ts";
import { getNextFrame } from "./frame-order.ts";
import { isSameLabel } from "./label-name.ts";
import { type LabelState, observe, type TrackerAction } from "./label-tracker.ts";
import type { FrameReference } from "./segment.ts";
import { updateAppearances } from "./update-appearances.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";
import type { WatcherState } from "./watcher-state.ts";

type Store = Pick<AppearanceStore, "listAppearances" | "listDetections" | "readSegment">;
type FindEnd = Extract<TrackerAction, { kind: "findEnd" }>;

/** Ids of the appearances that a state ends sooner or later. */
const listTrackedIds = ({ labels }: WatcherState): ReadonlySet<string> =>
  new Set(
    labels.labels.flatMap((state) =>
      state.isPresent ? [buildAppearanceId(state.label, state.firstPresent)] : [],
    ),
  );

/** Whether the detection of a segment will be repeated after a crash: it begins its appearances again. */
const isPending = (
  { lastSegmentId = "", detectedSegmentId = "" }: WatcherState,
  segmentId: string,
): boolean => segmentId > detectedSegmentId && segmentId <= lastSegmentId;

/** When the next appearance of the same label begins, epoch seconds. */
const findNextStart = async (
  store: Store,
  channel: string,
  { id, label, start }: Appearance,
): Promise<number> => {
  let nextStart = Number.POSITIVE_INFINITY;
  let cursor: string | undefined;
  do {
    const page = await store.listAppearances(channel, { label, ...(cursor === undefined ? {} : { cursor }) });
    for (const other of page.appearances) {
      if (other.start.time < start.time) return nextStart;
      if (other.id !== id) nextStart = Math.min(nextStart, other.start.time);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return nextStart;
};

/**
 * Finds the end of an appearance in the stored detections. Without a frame that ends it, it ends after the last frame
 * that is known to show its label.
 */
const findStoredEnd = async (
  store: Store,
  { name, absentFrames }: WatchedChannel["channel"],
  appearance: Appearance,
  firstPresent: FrameReference,
  now: number,
): Promise<FindEnd> => {
  const { label, start, confidence } = appearance;
  let state: LabelState = {
    label,
    isPresent: true,
    firstPresent,
    lastPresent: start,
    absentCount: 0,
    confidence,
  };
  const toTime = Math.min(await findNextStart(store, name, appearance), now);
  for await (const { frame, detection, omitted } of store.listDetections(name, {
    fromTime: start.time,
    toTime,
  })) {
    const found = [...detection.labels, ...detection.celebrities].find((one) => isSameLabel(one.name, label));
    // A detection that leaves something out does not tell that the label is absent.
    const isPartial = omitted !== undefined || detection.celebritiesFailure !== undefined;
    if (found === undefined && isPartial) continue;
    const observation = { frame, ...(found === undefined ? {} : { confidence: found.confidence }) };
    const next = observe(state, observation, absentFrames);
    for (const action of next.actions) if (action.kind === "findEnd") return action;
    state = next.state;
  }
  const present = state.isPresent ? state.lastPresent : start;
  const absent = getNextFrame(await store.readSegment(name, present.segmentId), present);
  return { kind: "findEnd", label, firstPresent, present, absent, confidence };
};

/**
 * Looks after the open appearances of a channel, at the start of a run. One that the state tracks is kept, however long
 * it lasts. One that no state tracks, e.g. because the state was lost, would be open for ever: it is closed. Can be
 * repeated.
 *
 * @throws StoreFailure, LeaseLostError
 */
export const sweepAppearances = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  state: WatcherState,
  signal?: AbortSignal,
): Promise<void> => {
  const { store, clock, log } = ports;
  const { channel } = watched;
  const trackedIds = listTrackedIds(state);
  for (const appearance of await store.listOpenAppearances(channel.name)) {
    const { id, start } = appearance;
    if (trackedIds.has(id)) {
      await store.keepAppearance(channel.name, id);
      continue;
    }
    const first = parseAppearanceId(id);
    if (first === undefined || isPending(state, first.segmentId)) continue;
    log.warn("An open appearance is not tracked; it is closed", { channel: channel.name, appearance: id });
    const firstPresent = { ...first, time: start.time };
    const now = clock.now().getTime() / 1000;
    try {
      const action = await findStoredEnd(store, channel, appearance, firstPresent, now);
      await updateAppearances(ports, watched, [action], state, signal);
    } catch (cause) {
      if (!(cause instanceof DetectionFailure)) throw cause;
      log.warn("An appearance is not closed yet", { channel: channel.name, appearance: id, error: cause });
    }
  }
};
