import { isDeepStrictEqual } from "node:util";
import { type Appearance, needsClip } from "../../pipeline/highlights/appearance.ts";
import type {
  AppearanceStore,
  ChannelRecord,
  ChannelStatus,
  DetectionRecord,
  LabelRecord,
  Lease,
  PageOptions,
  SightingKind,
  StoredAppearance,
} from "../../pipeline/highlights/appearance-store.ts";
import type { ArchivedSegment } from "../../pipeline/highlights/segment.ts";
import {
  computeUsagePeriods,
  formatFrameId,
  isInTimeRange,
  normalizeSegment,
  serializeState,
} from "../../pipeline/highlights/storage-rules.ts";
import { checkCaps, type DetectionUsage, toMicroUsd, toUsd } from "../../pipeline/highlights/usage.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { decodeCursor, encodeCursor } from "../../pipeline/ports/page-cursor.ts";
import { formatTimeId } from "../../pipeline/ports/tables.ts";

type StoredDetection =
  | { readonly status: "calling"; readonly token: number }
  | { readonly status: "failed" }
  | { readonly status: "lost" }
  | { readonly status: "detected"; readonly token: number; readonly record: DetectionRecord };

interface ChannelData {
  paused: boolean;
  /** JSON. */
  state?: string;
  status?: ChannelStatus;
  clipProblem?: string | undefined;
  lease?: Lease;
  lastToken: number;
  readonly segments: Map<string, ArchivedSegment>;
  readonly detections: Map<string, StoredDetection>;
  readonly detectionsByHour: Map<string, number>;
  readonly microUsdByDay: Map<string, number>;
  readonly labels: Record<SightingKind, Map<string, LabelRecord & { readonly lastFrameId: string }>>;
  readonly appearances: Map<string, StoredAppearance>;
}

const createChannelData = (): ChannelData => ({
  paused: false,
  lastToken: 0,
  segments: new Map(),
  detections: new Map(),
  detectionsByHour: new Map(),
  microUsdByDay: new Map(),
  labels: { label: new Map(), celebrity: new Map() },
  appearances: new Map(),
});

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Sorts newest first and takes a page. */
const takePage = <Value>(
  values: Iterable<Value>,
  getTimeId: (value: Value) => string,
  { limit = 50, cursor }: PageOptions,
): { readonly values: readonly Value[]; readonly cursor?: string } => {
  const beforeTimeId = cursor === undefined ? undefined : decodeCursor(cursor);
  const remaining = [...values]
    .filter((value) => beforeTimeId === undefined || getTimeId(value) < beforeTimeId)
    .sort((a, b) => compareText(getTimeId(b), getTimeId(a)));
  const page = remaining.slice(0, limit);
  const last = page.at(-1);
  return {
    values: structuredClone(page),
    ...(last === undefined || remaining.length <= limit ? {} : { cursor: encodeCursor(getTimeId(last)) }),
  };
};

const getStartTimeId = ({ start, id }: Appearance): string => formatTimeId(start.time, id);

/** Creates a store in memory, for a backtest. Nothing expires. */
export const createMemoryAppearanceStore = (clock: Clock): AppearanceStore => {
  const channels = new Map<string, ChannelData>();
  const open = (channel: string): ChannelData => {
    const data = channels.get(channel) ?? createChannelData();
    channels.set(channel, data);
    return data;
  };
  const getNow = (): number => clock.now().getTime() / 1000;
  const isHeld = ({ channel, token }: Lease): boolean => open(channel).lease?.token === token;
  const readRecord = (channel: string): ChannelRecord => {
    const { paused, status, clipProblem } = open(channel);
    return {
      channel,
      paused,
      ...(status === undefined ? {} : { status: { ...status } }),
      ...(clipProblem === undefined ? {} : { clipProblem }),
    };
  };
  const getUsage = (channel: string, at: number): DetectionUsage => {
    const { detectionsByHour, microUsdByDay } = open(channel);
    const { day, hour } = computeUsagePeriods(at);
    return {
      detectionsThisHour: detectionsByHour.get(`${day}T${hour}`) ?? 0,
      usdToday: toUsd(microUsdByDay.get(day) ?? 0),
    };
  };
  const listNewestAppearances = (channel: string, options: PageOptions, label?: string) =>
    takePage(
      [...open(channel).appearances.values()].filter(
        (appearance) =>
          appearance.mergedInto === undefined && (label === undefined || appearance.label === label),
      ),
      getStartTimeId,
      options,
    );

  return {
    async acquireLease(channel, ownerId, seconds) {
      const data = open(channel);
      if (data.lease !== undefined && data.lease.ownerId !== ownerId && data.lease.expiresAt > getNow())
        return undefined;
      data.lastToken += 1;
      data.lease = { channel, ownerId, token: data.lastToken, expiresAt: getNow() + seconds };
      return data.lease;
    },
    async renewLease(lease, seconds) {
      if (!isHeld(lease)) return undefined;
      const renewed = { ...lease, expiresAt: getNow() + seconds };
      open(lease.channel).lease = renewed;
      return renewed;
    },
    async releaseLease(lease) {
      if (!isHeld(lease)) return false;
      open(lease.channel).lease = undefined;
      return true;
    },

    readChannel: async (channel) => readRecord(channel),
    async readSavedChannel(channel) {
      const { state } = open(channel);
      return {
        ...readRecord(channel),
        ...(state === undefined ? {} : { state: JSON.parse(state) as unknown }),
      };
    },
    async setPaused(channel, paused) {
      const data = open(channel);
      if (data.paused === paused) return false;
      data.paused = paused;
      return true;
    },
    async setClipProblem(channel, message) {
      open(channel).clipProblem = message;
    },
    async saveState(lease, state, status) {
      const text = serializeState(lease.channel, state);
      if (!isHeld(lease)) return false;
      Object.assign(open(lease.channel), { state: text, status: { ...status } });
      return true;
    },

    async putSegment(segment) {
      const normalized = normalizeSegment(segment);
      const { segments } = open(segment.channel);
      const stored = segments.get(segment.id);
      if (stored !== undefined) return { isNew: false, segment: structuredClone(stored) };
      segments.set(segment.id, normalized);
      return { isNew: true, segment: structuredClone(normalized) };
    },
    async readSegment(channel, id) {
      return structuredClone(open(channel).segments.get(id));
    },
    async readArchiveStart(channel) {
      const starts = [...open(channel).segments.values()].map(({ startTime }) => startTime);
      return starts.length === 0 ? undefined : Math.min(...starts);
    },
    async *listSegments(channel, range) {
      const segments = [...open(channel).segments.values()];
      if ("fromTime" in range) {
        yield* structuredClone(
          segments
            .filter((segment) => isInTimeRange(segment, range))
            .sort((a, b) => compareText(formatTimeId(a.startTime, a.id), formatTimeId(b.startTime, b.id))),
        );
        return;
      }
      const { fromId, toId } = range;
      yield* structuredClone(
        segments
          .filter(({ id }) => (fromId === undefined || id >= fromId) && (toId === undefined || id <= toId))
          .sort((a, b) => compareText(a.id, b.id)),
      );
    },

    async claimDetection(channel, frame, { token }) {
      const { detections } = open(channel);
      const id = formatFrameId(frame);
      const stored = detections.get(id);
      if (stored?.status === "detected")
        return { status: "detected", record: structuredClone(stored.record) };
      if (stored?.status === "calling") return { status: "unknown", reason: "abandoned" };
      if (stored?.status === "lost") return { status: "unknown", reason: "lost" };
      detections.set(id, { status: "calling", token });
      return { status: "claimed" };
    },
    async readDetection(channel, frame) {
      const stored = open(channel).detections.get(formatFrameId(frame));
      return stored?.status === "detected" ? structuredClone(stored.record) : undefined;
    },
    async storeDetection(channel, frame, token, result) {
      const { detections } = open(channel);
      const id = formatFrameId(frame);
      const stored = detections.get(id);
      if (stored === undefined || !("token" in stored) || stored.token !== token) return false;
      if (stored.status === "calling")
        detections.set(id, {
          status: "detected",
          token,
          record: structuredClone({ frame, ...result }),
        });
      return true;
    },
    async failDetection(channel, frame, token, { mayBeBilled = false }) {
      const { detections } = open(channel);
      const id = formatFrameId(frame);
      const stored = detections.get(id);
      if (stored?.status !== "calling" || stored.token !== token) return false;
      detections.set(id, { status: mayBeBilled ? "lost" : "failed" });
      return true;
    },
    async *listDetections(channel, { fromTime, toTime }) {
      const records = [...open(channel).detections.values()].flatMap((stored) =>
        stored.status === "detected" ? [stored.record] : [],
      );
      yield* structuredClone(
        records
          .filter(({ frame }) => frame.time >= fromTime && frame.time < toTime)
          .sort((a, b) =>
            compareText(
              formatTimeId(a.frame.time, formatFrameId(a.frame)),
              formatTimeId(b.frame.time, formatFrameId(b.frame)),
            ),
          ),
      );
    },

    async reserveDetection(channel, at, usd, caps) {
      const { detectionsByHour, microUsdByDay } = open(channel);
      const decision = checkCaps(caps, getUsage(channel, at), usd, at);
      if (!decision.isAllowed) return decision;
      const { day, hour } = computeUsagePeriods(at);
      detectionsByHour.set(`${day}T${hour}`, (detectionsByHour.get(`${day}T${hour}`) ?? 0) + 1);
      microUsdByDay.set(day, (microUsdByDay.get(day) ?? 0) + toMicroUsd(usd));
      return decision;
    },
    async readUsage(channel, at) {
      return getUsage(channel, at);
    },

    async recordSighting(channel, { kind, id, name, frame, confidence, imageKey, urls }) {
      const labels = open(channel).labels[kind];
      const stored = labels.get(id);
      const lastFrameId = formatFrameId(frame);
      if (stored !== undefined && stored.lastFrameId >= lastFrameId) return false;
      labels.set(id, {
        kind,
        id,
        name,
        count: (stored?.count ?? 0) + 1,
        firstSeenAt: stored?.firstSeenAt ?? frame.time,
        lastSeenAt: frame.time,
        confidence: Math.max(stored?.confidence ?? 0, confidence),
        ...(imageKey === undefined ? {} : { imageKey }),
        ...(urls === undefined ? {} : { urls }),
        lastFrameId,
      });
      return true;
    },
    async listLabels(channel, kind, options = {}) {
      const page = takePage(
        open(channel).labels[kind].values(),
        ({ lastSeenAt, id }) => formatTimeId(lastSeenAt, id),
        options,
      );
      return {
        labels: page.values.map(({ lastFrameId, ...label }) => label),
        ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
      };
    },

    async putAppearance(appearance, expectedRevision) {
      const { appearances } = open(appearance.channel);
      const stored = appearances.get(appearance.id);
      const next = { ...structuredClone(appearance), revision: (expectedRevision ?? 0) + 1 };
      if (stored?.revision === expectedRevision) {
        appearances.set(appearance.id, next);
        return { written: true, appearance: structuredClone(next) };
      }
      return { written: isDeepStrictEqual(stored, next), appearance: structuredClone(stored) };
    },
    async readAppearance(channel, id) {
      return structuredClone(open(channel).appearances.get(id));
    },
    async listAppearances(channel, { label, ...options } = {}) {
      const page = listNewestAppearances(channel, options, label);
      return {
        appearances: page.values,
        ...(page.cursor === undefined ? {} : { cursor: page.cursor }),
      };
    },
    async keepAppearance() {
      return false;
    },
    async listOpenAppearances(channel) {
      return listNewestAppearances(channel, { limit: Number.POSITIVE_INFINITY }).values.filter(
        ({ status }) => status === "open",
      );
    },
    async listUnclippedAppearances(channel) {
      return listNewestAppearances(channel, { limit: Number.POSITIVE_INFINITY }).values.filter(needsClip);
    },
  };
};
