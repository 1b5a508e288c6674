import type { Appearance } from "./appearance.ts";
import type { StoredAppearance } from "./appearance-store.ts";
import { buildAppearanceId, mergeAppearances } from "./appearances.ts";
import { buildImageKey } from "./detect-frame.ts";
import { type EdgeHints, type FoundEdge, findEdge } from "./find-edge.ts";
import { getNextFrame } from "./frame-order.ts";
import type { TrackerAction } from "./label-tracker.ts";
import type { WatchedChannel, WatchPorts } from "./watch-ports.ts";

const withoutRevision = ({ revision: _, ...appearance }: StoredAppearance): Appearance => appearance;

/** Writes an appearance over its current revision. Returns what is stored. */
const writeAppearance = async (
  { store }: Pick<WatchPorts, "store">,
  appearance: Appearance,
): Promise<StoredAppearance | undefined> => {
  const current = await store.readAppearance(appearance.channel, appearance.id);
  const { appearance: stored } = await store.putAppearance(appearance, current?.revision);
  return stored;
};

/** Stores a new appearance with its exact start. An existing one is left as it is. */
const beginAppearance = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  { label, absent, present, confidence }: Extract<TrackerAction, { kind: "findStart" }>,
  hints: EdgeHints,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const { channel } = watched;
  const id = buildAppearanceId(label, present);
  const existing = await ports.store.readAppearance(channel.name, id);
  if (existing !== undefined) {
    // An earlier run may have been killed before it could tell.
    if (existing.status === "open") await ports.listener.onStarted(withoutRevision(existing));
    return;
  }
  const bounds = {
    edge: "start",
    ...(absent === undefined ? {} : { before: absent }),
    after: present,
  } as const;
  const { frame: start, isExact } = await findEdge(
    ports,
    watched,
    { label, firstPresent: present },
    bounds,
    hints,
    signal,
  );
  const appearance: Appearance = {
    id,
    channel: channel.name,
    label,
    status: "open",
    start,
    ...(isExact ? {} : { inexactEdges: ["start"] }),
    confidence,
    imageKey: buildImageKey(watched, present),
  };
  await ports.store.putAppearance(appearance);
  await ports.listener.onStarted(appearance);
};

/** An appearance that has become longer needs another clip. */
const withoutClip = ({ clipJobId: _jobId, clip: _clip, ...appearance }: Appearance): Appearance => appearance;

type EndAction = Exclude<TrackerAction, { kind: "findStart" }>;

/** Finds the end of an appearance: its exact one, unless it is not searched. */
const findEnd = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  action: EndAction,
  hints: EdgeHints,
  signal: AbortSignal | undefined,
): Promise<FoundEdge> => {
  const { present } = action;
  if (action.kind === "endUnsearched") {
    const segment = await ports.store.readSegment(watched.channel.name, present.segmentId);
    return { frame: getNextFrame(segment, present), isExact: false };
  }
  const bounds = { edge: "end", before: present, after: action.absent } as const;
  return findEdge(ports, watched, action, bounds, hints, signal);
};

/** Closes an appearance at its end, and merges it with the one before if they touch. */
const endAppearance = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  action: EndAction,
  hints: EdgeHints,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const { label, firstPresent, confidence } = action;
  const { name } = watched.channel;
  const { store, listener } = ports;
  const id = buildAppearanceId(label, firstPresent);
  const open = await store.readAppearance(name, id);
  if (open === undefined) return;
  if (open.mergedInto !== undefined) {
    const whole = await store.readAppearance(name, open.mergedInto);
    if (whole?.status === "closed") await listener.onEnded(withoutRevision(whole));
    return;
  }
  const opened = withoutRevision(open);
  let closed = opened;
  if (open.status === "open") {
    const { frame: end, isExact } = await findEnd(ports, watched, action, hints, signal);
    closed = {
      ...opened,
      status: "closed",
      end,
      ...(isExact ? {} : { inexactEdges: [...(opened.inexactEdges ?? []), "end"] }),
      confidence: Math.max(confidence, open.confidence),
    };
  }
  await writeAppearance(ports, closed);
  const recent = await store.listAppearances(name, { label, limit: 2 });
  const { appearances, mergedInto } = mergeAppearances([
    ...recent.appearances.filter((one) => one.id !== id).map(withoutRevision),
    closed,
  ]);
  for (const [mergedId, target] of Object.entries(mergedInto)) {
    const merged = await store.readAppearance(name, mergedId);
    const whole = appearances.find((one) => one.id === target);
    if (merged === undefined || whole === undefined) continue;
    await writeAppearance(ports, withoutClip(whole));
    await writeAppearance(ports, { ...withoutRevision(merged), mergedInto: target });
  }
  const result = appearances.find((one) => one.id === (mergedInto[id] ?? id));
  if (result !== undefined) await listener.onEnded(result);
};

/**
 * Carries out what the states of labels ask for: appearances begin and end at the exact frame, if it is searched. Can
 * be repeated after a crash: nothing is paid or created twice.
 */
export const updateAppearances = async (
  ports: WatchPorts,
  watched: WatchedChannel,
  actions: readonly TrackerAction[],
  hints: EdgeHints,
  signal?: AbortSignal,
): Promise<void> => {
  for (const action of actions)
    if (action.kind === "findStart") await beginAppearance(ports, watched, action, hints, signal);
    else await endAppearance(ports, watched, action, hints, signal);
};
