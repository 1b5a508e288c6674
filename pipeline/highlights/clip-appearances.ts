import type { ChannelSettings } from "../configuration/channels-schema.ts";
import type { Logger } from "../ports/logger.ts";
import type { Appearance } from "./appearance.ts";
import type { AppearanceStore, StoredAppearance } from "./appearance-store.ts";
import type { Clipper, ClipRequest } from "./clipper.ts";
import { getSegmentEnd } from "./frame-order.ts";
import type { ArchivedSegment } from "./segment.ts";

export interface ClipPorts {
  readonly store: Pick<
    AppearanceStore,
    "listSegments" | "listUnclippedAppearances" | "putAppearance" | "readAppearance"
  >;
  readonly clipper: Clipper;
  readonly log: Logger;
}
type ClippedChannel = Pick<ChannelSettings, "name" | "paddingSeconds" | "cut">;

/** The archived segments of an appearance and its padding, in order. */
const listClipSegments = async (
  { store }: Pick<ClipPorts, "store">,
  { name, paddingSeconds }: ClippedChannel,
  { start, end }: Required<Pick<Appearance, "start" | "end">>,
): Promise<readonly ArchivedSegment[]> => {
  const segments = new Map<string, ArchivedSegment>();
  const add = async (range: Parameters<AppearanceStore["listSegments"]>[1]): Promise<void> => {
    for await (const segment of store.listSegments(name, range)) segments.set(segment.id, segment);
  };
  await add({ fromId: start.segmentId, toId: end.segmentId });
  if (paddingSeconds > 0)
    await add({ fromTime: start.time - paddingSeconds, toTime: end.time + paddingSeconds });
  return [...segments.values()].sort((first, second) => (first.id < second.id ? -1 : 1));
};

/**
 * Builds the request for the clip of an appearance with its padding, as far as the archive has it: padding ends where a
 * timeline does.
 */
export const buildClipRequest = (
  { name, paddingSeconds, cut }: ClippedChannel,
  { id, label, start, end }: Pick<Appearance, "id" | "label"> & Required<Pick<Appearance, "start" | "end">>,
  segments: readonly ArchivedSegment[],
): ClipRequest => {
  const isOfAppearance = (segment: ArchivedSegment): boolean =>
    segment.id >= start.segmentId &&
    (segment.id < end.segmentId || (segment.id === end.segmentId && end.frame > 0));
  const timelines = new Set(segments.filter(isOfAppearance).map(({ timeline }) => timeline));
  const from = start.time - paddingSeconds;
  const to = end.time + paddingSeconds;
  const used = segments.filter(
    (segment) =>
      isOfAppearance(segment) ||
      (timelines.has(segment.timeline) && segment.startTime < to && getSegmentEnd(segment).time > from),
  );
  const [first] = used;
  const last = used.at(-1);
  return {
    channel: name,
    clipId: id,
    label,
    segments: used,
    startTime: first === undefined ? from : Math.min(start.time, Math.max(from, first.startTime)),
    endTime: last === undefined ? to : Math.max(end.time, Math.min(to, getSegmentEnd(last).time)),
    cut,
  };
};

/** Requests the clip of an appearance and stores what becomes of it. A deferred clip is requested again later. */
const clipAppearance = async (
  ports: ClipPorts,
  channel: ClippedChannel,
  { revision, ...appearance }: StoredAppearance,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const { start, end } = appearance;
  if (end === undefined) return;
  const { store, clipper, log } = ports;
  const segments = await listClipSegments(ports, channel, { start, end });
  const result = await clipper.createClip(
    buildClipRequest(channel, { ...appearance, end }, segments),
    signal,
  );
  const details = { channel: channel.name, appearance: appearance.id };
  switch (result.kind) {
    case "deferred":
      log.info("Clip deferred", { ...details, reason: result.reason, notBefore: result.notBefore });
      return;
    case "refused":
      log.warn("Clip refused", { ...details, reason: result.reason });
      await store.putAppearance(
        { ...appearance, clip: { kind: "refused", reason: result.reason } },
        revision,
      );
      return;
    case "accepted":
      await store.putAppearance({ ...appearance, clip: { kind: "accepted" } }, revision);
      return;
    default:
      await store.putAppearance({ ...appearance, clipJobId: result.jobId }, revision);
  }
};

/**
 * Requests the clips of the appearances that have none, oldest first: of appearances that have just ended, of those whose
 * clip a limit deferred, and of those whose watcher was killed before its request. A clip whose request fails does not
 * keep the others from being requested; a later call requests it again. Can be repeated.
 *
 * @throws StoreFailure if the appearances cannot be listed
 */
export const clipPendingAppearances = async (
  ports: ClipPorts,
  channel: ClippedChannel,
  signal?: AbortSignal,
): Promise<void> => {
  for (const appearance of (await ports.store.listUnclippedAppearances(channel.name)).toReversed()) {
    signal?.throwIfAborted();
    await clipAppearance(ports, channel, appearance, signal).catch((cause: unknown) => {
      signal?.throwIfAborted();
      ports.log.warn("A clip was not requested; it is requested again", {
        channel: channel.name,
        appearance: appearance.id,
        error: cause,
      });
    });
  }
};
