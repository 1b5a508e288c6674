import type { ChannelSettings } from "../configuration/channels-schema.ts";
import { formatError } from "../errors/errors.ts";
import type { Clock } from "../ports/clock.ts";
import type { Logger } from "../ports/logger.ts";
import type { Appearance } from "./appearance.ts";
import type { AppearanceStore, StoredAppearance } from "./appearance-store.ts";
import { isClipProblem, planClipRetry } from "./clip-retry.ts";
import type { Clipper, ClipRequest } from "./clipper.ts";
import { formatTime } from "./format-time.ts";
import { getSegmentEnd } from "./frame-order.ts";
import type { ArchivedSegment } from "./segment.ts";
import { isTransientFailure } from "./transient-failure.ts";

export interface ClipPorts {
  readonly store: Pick<
    AppearanceStore,
    "listSegments" | "listUnclippedAppearances" | "putAppearance" | "readAppearance"
  >;
  readonly clipper: Clipper;
  readonly clock: Clock;
  readonly log: Logger;
}
type ClippedChannel = Pick<ChannelSettings, "name" | "paddingSeconds" | "cut" | "retentionDays">;
/** An appearance that has ended. */
type EndedAppearance = StoredAppearance & Required<Pick<Appearance, "end">>;

/** The archived segments of an appearance and its padding, in order. */
const listClipSegments = async (
  { store }: Pick<ClipPorts, "store">,
  { name, paddingSeconds }: Pick<ClippedChannel, "name" | "paddingSeconds">,
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
  { name, paddingSeconds, cut }: Pick<ClippedChannel, "name" | "paddingSeconds" | "cut">,
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

/** Requests the clip of an appearance. Returns what is stored of it; undefined for a clip that a limit defers. */
const requestClip = async (
  ports: ClipPorts,
  channel: ClippedChannel,
  { start, end, ...appearance }: EndedAppearance,
  signal: AbortSignal | undefined,
): Promise<Pick<Appearance, "clip" | "clipJobId"> | undefined> => {
  const { clipper, log } = ports;
  const segments = await listClipSegments(ports, channel, { start, end });
  const request = buildClipRequest(channel, { ...appearance, start, end }, segments);
  const result = await clipper.createClip(request, signal);
  const details = { channel: channel.name, appearance: appearance.id };
  switch (result.kind) {
    case "deferred":
      log.info("Clip deferred", { ...details, reason: result.reason, notBefore: result.notBefore });
      return undefined;
    case "refused":
      log.warn("Clip refused", { ...details, reason: result.reason });
      return { clip: { kind: "refused", reason: result.reason } };
    case "accepted":
      return { clip: { kind: "accepted" } };
    default:
      return { clipJobId: result.jobId };
  }
};

/** Stores that a request failed. @returns why clips cannot be requested; undefined if that may pass by itself */
const storeFailure = async (
  { store, clock, log }: ClipPorts,
  { name, retentionDays }: ClippedChannel,
  { revision, clipRetry: before, ...appearance }: EndedAppearance,
  cause: unknown,
): Promise<string | undefined> => {
  const failure = planClipRetry(
    {
      before,
      reason: formatError(cause),
      isTransient: isTransientFailure(cause),
      endTime: appearance.end.time,
      retentionDays,
    },
    clock.now().getTime() / 1000,
  );
  const details = { channel: name, appearance: appearance.id, error: cause };
  if (failure.kind === "expired") {
    log.warn("Clip refused: its retention has ended", details);
    await store.putAppearance({ ...appearance, clip: { kind: "refused", reason: failure.reason } }, revision);
    return undefined;
  }
  const { retry } = failure;
  log.warn("A clip was not requested; it is requested again", {
    ...details,
    notBefore: formatTime(retry.notBefore),
  });
  await store.putAppearance({ ...appearance, clipRetry: retry }, revision);
  return isClipProblem(retry) ? retry.reason : undefined;
};

/**
 * Requests the clips of the appearances that have none, oldest first: of appearances that have just ended, of those whose
 * clip a limit deferred, and of those whose watcher was killed before its request. A clip whose request fails does not
 * keep the others from being requested; it is requested again after a growing time, until the channel's retention ends.
 * Can be repeated.
 *
 * @returns why clips of the channel cannot be requested, for people; undefined if they can
 * @throws StoreFailure if the appearances cannot be listed
 */
export const clipPendingAppearances = async (
  ports: ClipPorts,
  channel: ClippedChannel,
  signal?: AbortSignal,
): Promise<string | undefined> => {
  const { store, clock, log } = ports;
  let problem: string | undefined;
  for (const appearance of (await store.listUnclippedAppearances(channel.name)).toReversed()) {
    signal?.throwIfAborted();
    const { revision, clipRetry, end, ...fields } = appearance;
    if (end === undefined) continue;
    if (clipRetry !== undefined && clipRetry.notBefore > clock.now().getTime() / 1000) {
      if (isClipProblem(clipRetry)) problem = clipRetry.reason;
      continue;
    }
    try {
      const clip = await requestClip(ports, channel, { ...appearance, end }, signal);
      if (clip !== undefined) await store.putAppearance({ ...fields, end, ...clip }, revision);
    } catch (cause) {
      signal?.throwIfAborted();
      try {
        problem = (await storeFailure(ports, channel, { ...appearance, end }, cause)) ?? problem;
      } catch (storeCause) {
        log.warn("A failed request of a clip was not stored; it is requested again", {
          channel: channel.name,
          appearance: appearance.id,
          error: storeCause,
        });
      }
    }
  }
  return problem;
};
