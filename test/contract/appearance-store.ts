import { createHash } from "node:crypto";
import { expect } from "chai";
import type { Appearance } from "../../pipeline/highlights/appearance.ts";
import type {
  AppearanceStore,
  PageOptions,
  Sighting,
  SightingKind,
} from "../../pipeline/highlights/appearance-store.ts";
import {
  maxSegmentCandidates,
  maxSegmentFrames,
  maxSegmentSeconds,
  maxStateBytes,
} from "../../pipeline/highlights/appearance-store.ts";
import type { ArchivedSegment, FrameReference } from "../../pipeline/highlights/segment.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type { Detection } from "../../pipeline/ports/label-detector.ts";
import { StoreFailure } from "../../pipeline/ports/store-failure.ts";
import { collect } from "./collect.ts";

/** 2026-11-21T03:10:00Z. */
const start = Date.parse("2026-11-21T03:10:00Z") / 1000;
const concurrency = 200;

const formatSegmentId = (sequence: number): string => `0001-${String(sequence).padStart(10, "0")}`;
/** Two-second segments at 29.97 frames a second. */
const buildSegment = (sequence: number, fields: Partial<ArchivedSegment> = {}): ArchivedSegment => ({
  channel: "news",
  id: formatSegmentId(sequence),
  timeline: 1,
  isInterrupted: false,
  candidates: [
    { frame: 0, sceneScore: 0, hash: "00f0e1d2c3b4a596" },
    { frame: 31, sceneScore: 0.417_233, hash: "ffffffffffffffff" },
  ],
  startTime: start + 2 * sequence,
  durationSeconds: 2,
  key: `archive/news/2026-11-21/${formatSegmentId(sequence)}.ts`,
  bytes: 250_000,
  frameTimes: Array.from({ length: 60 }, (_, frame) => Math.round((frame * 1001e6) / 30_000) / 1e6),
  ...fields,
});
const buildFrame = (sequence: number, frame = 0): FrameReference => ({
  segmentId: formatSegmentId(sequence),
  frame,
  time: start + 2 * sequence + frame / 30,
});
const buildAppearance = (sequence: number, fields: Partial<Appearance> = {}): Appearance => ({
  id: `${formatSegmentId(sequence)}/000000-${fields.label ?? "Person"}`,
  channel: "news",
  label: "Person",
  status: "open",
  start: buildFrame(sequence),
  confidence: 90.5,
  ...fields,
});
const buildSighting = (sequence: number, fields: Partial<Sighting> = {}): Sighting => ({
  kind: "label",
  id: "Person",
  name: "Person",
  frame: buildFrame(sequence),
  confidence: 90,
  ...fields,
});
const detection: Detection = {
  labels: [
    { name: "Person", confidence: 98.123_456_789, boxes: [{ left: 0.1, top: 0, width: 0.25, height: 1 }] },
    { name: "Ünïcode 語", confidence: 81, boxes: [] },
  ],
  celebrities: [{ id: "3Ir0du6", name: "Ann", confidence: 99, urls: ["www.example.org/ann"] }],
};
const watching = { name: "watching", message: "" } as const;

/** Calls an operation many times at once. */
const callConcurrently = <Value>(
  call: (index: number) => Promise<Value>,
  count = concurrency,
): Promise<readonly Value[]> => Promise.all(Array.from({ length: count }, (_, index) => call(index)));

/** Reads all pages, and checks that none is too long or empty. */
const readPages = async <Value>(
  read: (options: PageOptions) => Promise<{ readonly values: readonly Value[]; readonly cursor?: string }>,
  limit: number,
): Promise<readonly Value[]> => {
  const values: Value[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.values.length).to.be.within(cursor === undefined ? 0 : 1, limit);
    values.push(...page.values);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return values;
};

/**
 * What every `AppearanceStore` holds (pipeline/highlights/appearance-store.ts).
 *
 * @param open an empty store that reads the time from the clock
 */
export const describeAppearanceStoreContract = (
  name: string,
  open: (clock: Clock) => Promise<AppearanceStore>,
): void => {
  describe(`the appearance store contract, ${name}`, function () {
    this.timeout(60_000);
    let store: AppearanceStore;
    let now: number;
    beforeEach(async () => {
      now = start;
      store = await open({ now: () => new Date(now * 1000) });
    });

    const acquireLease = async (ownerId: string, seconds = 60, channel = "news") => {
      const lease = await store.acquireLease(channel, ownerId, seconds);
      if (lease === undefined) throw new Error(`${ownerId} did not get the lease`);
      return lease;
    };
    const listLabels = (kind: SightingKind, limit: number, channel = "news") =>
      readPages(async (options) => {
        const { labels, ...page } = await store.listLabels(channel, kind, options);
        return { ...page, values: labels };
      }, limit);
    const listAppearances = (limit: number, label?: string) =>
      readPages(async (options) => {
        const { appearances, ...page } = await store.listAppearances("news", {
          ...options,
          ...(label === undefined ? {} : { label }),
        });
        return { ...page, values: appearances };
      }, limit);

    describe("leases", () => {
      it("go to one of 200 watchers", async () => {
        const leases = await callConcurrently((index) => store.acquireLease("news", `watcher ${index}`, 60));
        const winners = leases.flatMap((lease, index) => (lease === undefined ? [] : [{ lease, index }]));
        expect(winners).to.have.length(1);
        expect(winners[0]?.lease).to.deep.include({
          channel: "news",
          ownerId: `watcher ${winners[0]?.index}`,
          expiresAt: start + 60,
        });
        expect(await store.acquireLease("sports", "other", 60)).not.to.equal(undefined);
      });

      it("go to one of 200 watchers after they expire, with a larger token", async () => {
        const first = await acquireLease("first");
        now += 59.9;
        expect(await store.acquireLease("news", "second", 60)).to.equal(undefined);
        now += 0.1;
        const leases = await callConcurrently((index) => store.acquireLease("news", `watcher ${index}`, 60));
        const winners = leases.filter((lease) => lease !== undefined);
        expect(winners).to.have.length(1);
        expect(winners[0]?.token).to.be.above(first.token);
      });

      it("are extended and released by their owner only", async () => {
        const first = await acquireLease("first");
        now += 50;
        const renewed = await store.renewLease(first, 60);
        expect(renewed).to.deep.equal({ ...first, expiresAt: start + 110 });
        now += 59;
        expect(await store.acquireLease("news", "second", 60)).to.equal(undefined);
        expect(await store.releaseLease(first)).to.equal(true);
        expect(await store.releaseLease(first)).to.equal(false);
        expect(await store.renewLease(first, 60)).to.equal(undefined);
        const second = await acquireLease("second");
        expect(await store.releaseLease(first)).to.equal(false);
        expect(await store.acquireLease("news", "third", 60)).to.equal(undefined);
        expect(second.token).to.be.above(first.token);
      });

      it("are given again to the owner that holds them", async () => {
        const first = await acquireLease("first");
        const again = await acquireLease("first");
        expect(again.token).to.be.above(first.token);
        expect(await store.saveState(first, {}, watching)).to.equal(false);
        expect(await store.saveState(again, {}, watching)).to.equal(true);
      });

      it("fence the state: a watcher that lost its lease changes nothing", async () => {
        const first = await acquireLease("first");
        expect(await store.saveState(first, { position: 1 }, watching)).to.equal(true);
        now += 61;
        const second = await acquireLease("second");
        expect(await store.saveState(first, { position: 2 }, watching)).to.equal(false);
        expect(await store.renewLease(first, 60)).to.equal(undefined);
        expect(await store.saveState(second, { position: 3 }, watching)).to.equal(true);
        expect(await store.saveState(first, { position: 4 }, watching)).to.equal(false);
        expect((await store.readSavedChannel("news")).state).to.deep.equal({ position: 3 });
        await store.releaseLease(second);
        expect(await store.saveState(second, { position: 5 }, watching)).to.equal(false);
        expect((await store.readSavedChannel("news")).state).to.deep.equal({ position: 3 });
      });
    });

    describe("channels", () => {
      it("return the state and the status as they were stored", async () => {
        expect(await store.readChannel("news")).to.deep.equal({ channel: "news", paused: false });
        const lease = await acquireLease("first");
        expect(await store.readChannel("news")).to.deep.equal({ channel: "news", paused: false });
        const state = {
          trackers: [{ label: "Person", absent: 0 }],
          position: { sequence: 7, time: start + 0.123_456 },
          hash: "ffff0000ffff0000",
          nothing: null,
          empty: "",
        };
        const status = {
          name: "capped",
          message: "maxUsdPerDay is reached",
          lastSegmentAt: start + 0.5,
          lastSegmentEndsAt: start + 2.5,
          lastPolledAt: start,
          lastDetectedAt: start - 7.5,
          capResetsAt: start + 3000,
          parts: ["frames", "cap"],
        } as const;
        expect(await store.saveState(lease, state, status)).to.equal(true);
        const record = { channel: "news", paused: false, status };
        expect(await store.readSavedChannel("news")).to.deep.equal({ ...record, state });
        expect(await store.readChannel("news")).to.deep.equal(record);
        await store.saveState(lease, { position: 8 }, watching);
        expect(await store.readSavedChannel("news")).to.deep.equal({
          channel: "news",
          paused: false,
          state: { position: 8 },
          status: watching,
        });
        expect(await store.readSavedChannel("sports")).to.deep.equal({ channel: "sports", paused: false });
      });

      it("pause and resume, also before the first run, and keep the lease", async () => {
        expect(await store.setPaused("news", false)).to.equal(false);
        expect(await store.setPaused("news", true)).to.equal(true);
        expect(await store.setPaused("news", true)).to.equal(false);
        expect((await store.readChannel("news")).paused).to.equal(true);
        const lease = await acquireLease("first");
        await store.saveState(lease, { position: 1 }, watching);
        expect(await store.setPaused("news", false)).to.equal(true);
        expect(await store.saveState(lease, { position: 2 }, watching)).to.equal(true);
        expect(await store.readSavedChannel("news")).to.deep.include({
          paused: false,
          state: { position: 2 },
        });
      });

      it("say why clips cannot be requested, until they can, also before the first run", async () => {
        await store.setClipProblem("news", undefined);
        await store.setClipProblem("news", "The key is wrong.");
        await store.setClipProblem("news", "The key is wrong.");
        const lease = await acquireLease("first");
        await store.saveState(lease, { position: 1 }, watching);
        const problem = await store.readSavedChannel("news");
        await store.setClipProblem("news", "The key has expired.");
        const changed = await store.readChannel("news");
        await store.setClipProblem("news", undefined);
        const solved = await store.readSavedChannel("news");

        expect(problem).to.deep.include({ clipProblem: "The key is wrong.", state: { position: 1 } });
        expect(changed).to.have.property("clipProblem", "The key has expired.");
        expect(solved).to.deep.equal({
          channel: "news",
          paused: false,
          state: { position: 1 },
          status: watching,
        });
        expect(await store.saveState(lease, { position: 2 }, watching)).to.equal(true);
      });

      it("store a state up to its limit, and refuse a larger one", async () => {
        const lease = await acquireLease("first");
        const state = { text: "x".repeat(maxStateBytes - '{"text":""}'.length) };
        expect(await store.saveState(lease, state, watching)).to.equal(true);
        expect((await store.readSavedChannel("news")).state).to.deep.equal(state);
        const failure = await store
          .saveState(lease, { text: `${state.text}x` }, watching)
          .catch((cause: unknown) => cause);
        expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
        expect(String(failure)).to.include("news").and.to.include(String(maxStateBytes));
      });
    });

    describe("segments", () => {
      it("are stored once, and return as they were stored", async () => {
        const segment = buildSegment(1, {
          initialization: { key: "archive/news/2026-11-21/init-1.mp4", bytes: 812 },
        });
        expect(await store.putSegment(segment)).to.deep.equal({ isNew: true, segment });
        expect(
          await store.putSegment({ ...segment, bytes: 1, frameTimes: [0], candidates: [] }),
        ).to.deep.equal({
          isNew: false,
          segment,
        });
        expect(await store.readSegment("news", segment.id)).to.deep.equal(segment);
        expect(await store.readSegment("sports", segment.id)).to.equal(undefined);
        expect(await store.readSegment("news", formatSegmentId(2))).to.equal(undefined);
      });

      it("are new for one of 200 writers", async () => {
        const results = await callConcurrently((index) =>
          store.putSegment(buildSegment(1, { bytes: index })),
        );
        expect(results.filter(({ isNew }) => isNew)).to.have.length(1);
        const bytes = results.findIndex(({ isNew }) => isNew);
        for (const { segment } of results) expect(segment.bytes).to.equal(bytes);
      });

      it("round frame times to the microsecond, the same for every reader", async () => {
        const frameTimes = [0, 0.1 + 0.2, 1 / 3 + 1, 1.999_999_6];
        const { segment } = await store.putSegment(buildSegment(1, { frameTimes }));
        expect(segment.frameTimes).to.deep.equal([0, 0.3, 1.333_333, 2]);
        expect(await store.readSegment("news", segment.id)).to.deep.equal(segment);
        expect(await collect(store.listSegments("news", {}))).to.deep.equal([segment]);
        const { segment: withoutFrames } = await store.putSegment(buildSegment(2, { frameTimes: [] }));
        expect((await store.readSegment("news", withoutFrames.id))?.frameTimes).to.deep.equal([]);
      });

      it("hold the frames and candidates of the longest one, also with irregular times", async () => {
        const frameTimes = Array.from(
          { length: maxSegmentFrames },
          (_, frame) => Math.round((frame / 120 + ((frame * 7919) % 1000) / 1e6) * 1e6) / 1e6,
        );
        const candidates = Array.from({ length: maxSegmentCandidates }, (_, index) => ({
          frame: index * 8,
          sceneScore: ((index * 7919) % 1000) / 1000,
          hash: createHash("sha256").update(String(index)).digest("hex").slice(0, 16),
        }));
        const segment = buildSegment(1, {
          isInterrupted: true,
          durationSeconds: maxSegmentSeconds,
          frameTimes,
          candidates,
        });
        expect((await store.putSegment(segment)).segment).to.deep.equal(segment);
        expect(await store.readSegment("news", segment.id)).to.deep.equal(segment);
        for (const fields of [
          { durationSeconds: maxSegmentSeconds + 1 },
          { frameTimes: [...frameTimes, maxSegmentSeconds] },
          { candidates: [...candidates, ...candidates.slice(0, 1)] },
        ]) {
          const failure = await store.putSegment(buildSegment(2, fields)).catch((cause: unknown) => cause);
          expect(failure).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
        }
      });

      it("are listed by id, in order, across runs", async () => {
        const restarted = buildSegment(0, { id: "0002-0000000000", startTime: start + 100 });
        for (const sequence of [11, 9, 10, 12]) await store.putSegment(buildSegment(sequence));
        await store.putSegment(restarted);
        await store.putSegment(buildSegment(10, { channel: "sports" }));
        await acquireLease("first");
        await store.reserveDetection("news", now, 0.001, { maxDetectionsPerHour: 9, maxUsdPerDay: 9 });
        const listIds = async (range: { fromId?: string; toId?: string }) =>
          (await collect(store.listSegments("news", range))).map(({ id }) => id);
        const ids = [...[9, 10, 11, 12].map(formatSegmentId), restarted.id];
        expect(await listIds({})).to.deep.equal(ids);
        expect(await listIds({ fromId: ids[1] ?? "" })).to.deep.equal(ids.slice(1));
        expect(await listIds({ toId: ids[1] ?? "" })).to.deep.equal(ids.slice(0, 2));
        expect(await listIds({ fromId: ids[1] ?? "", toId: ids[3] ?? "" })).to.deep.equal(ids.slice(1, 4));
        expect(await listIds({ fromId: ids[3] ?? "", toId: ids[1] ?? "" })).to.deep.equal([]);
      });

      it("tell where the archive starts", async () => {
        expect(await store.readArchiveStart("news")).to.equal(undefined);
        for (const sequence of [3, 1, 2]) await store.putSegment(buildSegment(sequence));
        // The clock of a later run may be earlier.
        await store.putSegment(buildSegment(9, { startTime: start - 100 }));
        await store.putSegment(buildSegment(0, { channel: "sports", startTime: start - 200 }));
        expect(await store.readArchiveStart("news")).to.equal(start - 100);
      });

      it("are listed by the time that they overlap", async () => {
        for (let sequence = 0; sequence < 10; sequence += 1) await store.putSegment(buildSegment(sequence));
        await store.putSegment(
          buildSegment(20, { startTime: start - 590, durationSeconds: maxSegmentSeconds }),
        );
        const listSequences = async (fromTime: number, toTime: number) =>
          (
            await collect(store.listSegments("news", { fromTime: start + fromTime, toTime: start + toTime }))
          ).map(({ id }) => Number(id.split("-")[1]));
        expect(await listSequences(12, 15)).to.deep.equal([6, 7]);
        expect(await listSequences(12.001, 14)).to.deep.equal([6]);
        expect(await listSequences(9.999, 10.0005)).to.deep.equal([20, 4, 5]);
        expect(await listSequences(-1000, -590)).to.deep.equal([]);
        expect(await listSequences(-1000, -589)).to.deep.equal([20]);
        expect(await listSequences(20, 1000)).to.deep.equal([]);
        expect(await listSequences(15, 12)).to.deep.equal([]);
      });
    });

    describe("detections", () => {
      const claim = { token: 1, at: start };
      const result = { detection, imageKey: "frames/1.jpg", usd: 0.002 };

      it("are claimed by one of 200 watchers", async () => {
        const claims = await callConcurrently((index) =>
          store.claimDetection("news", buildFrame(1), { token: index, at: start }),
        );
        const winners = claims.flatMap(({ status }, token) => (status === "claimed" ? [token] : []));
        expect(winners).to.have.length(1);
        expect(claims.filter(({ status }) => status === "unknown")).to.have.length(concurrency - 1);
        const stored = await callConcurrently((token) =>
          store.storeDetection("news", buildFrame(1), token, { ...result, usd: token }),
        );
        expect(stored.flatMap((isStored, token) => (isStored ? [token] : []))).to.deep.equal(winners);
        const other = [buildFrame(1, 1), buildFrame(2)];
        for (const frame of other)
          expect((await store.claimDetection("news", frame, claim)).status).to.equal("claimed");
        expect((await store.claimDetection("sports", buildFrame(1), claim)).status).to.equal("claimed");
      });

      it("return the stored result to later claims, once it exists", async () => {
        const frame = buildFrame(3, 17);
        await store.claimDetection("news", frame, claim);
        expect(await store.readDetection("news", frame)).to.equal(undefined);
        expect(await store.claimDetection("news", frame, claim)).to.deep.equal({
          status: "unknown",
          reason: "abandoned",
        });
        expect(await store.readDetection("news", frame)).to.equal(undefined);
        expect(await store.storeDetection("news", frame, 1, result)).to.equal(true);
        expect(await store.storeDetection("news", frame, 1, { ...result, usd: 9 })).to.equal(true);
        expect(await store.storeDetection("news", frame, 2, { ...result, usd: 9 })).to.equal(false);
        expect(await store.failDetection("news", frame, 1, { kind: "transient", message: "late" })).to.equal(
          false,
        );
        expect(await store.claimDetection("news", frame, { token: 2, at: start })).to.deep.equal({
          status: "detected",
          record: { frame, ...result },
        });
        expect(await store.readDetection("news", frame)).to.deep.equal({ frame, ...result });
        expect(await store.readDetection("sports", frame)).to.equal(undefined);
        const bare = buildFrame(4);
        await store.claimDetection("news", bare, claim);
        const empty = { detection: { labels: [], celebrities: [] }, usd: 0, omitted: "celebrity" } as const;
        await store.storeDetection("news", bare, 1, empty);
        expect(await store.claimDetection("news", bare, claim)).to.deep.equal({
          status: "detected",
          record: { frame: bare, ...empty },
        });
      });

      it("are claimed again after a failure, by one of 200 watchers", async () => {
        const frame = buildFrame(1);
        const failure = { kind: "throttled", message: "Rate exceeded" } as const;
        expect(await store.failDetection("news", frame, 1, failure)).to.equal(false);
        expect(await store.storeDetection("news", frame, 1, result)).to.equal(false);
        await store.claimDetection("news", frame, claim);
        expect(await store.failDetection("news", frame, 2, failure)).to.equal(false);
        expect(await store.failDetection("news", frame, 1, failure)).to.equal(true);
        expect(await store.storeDetection("news", frame, 1, result)).to.equal(false);
        const claims = await callConcurrently((index) =>
          store.claimDetection("news", frame, { token: index + 2, at: start }),
        );
        const winners = claims.flatMap(({ status }, index) => (status === "claimed" ? [index + 2] : []));
        expect(winners).to.have.length(1);
        expect(await store.storeDetection("news", frame, winners[0] ?? 0, result)).to.equal(true);
      });

      it("are never claimed again after a call that may be billed", async () => {
        const frame = buildFrame(1);
        const lost = { kind: "transient", message: "no response", mayBeBilled: true } as const;
        await store.claimDetection("news", frame, claim);
        expect(await store.failDetection("news", frame, 2, lost)).to.equal(false);
        expect(await store.failDetection("news", frame, 1, lost)).to.equal(true);
        for (const token of [1, 2])
          expect(await store.claimDetection("news", frame, { token, at: start })).to.deep.equal({
            status: "unknown",
            reason: "lost",
          });
        expect(await store.storeDetection("news", frame, 1, result)).to.equal(false);
        expect(await store.failDetection("news", frame, 1, { kind: "aborted", message: "" })).to.equal(false);
        expect(await store.readDetection("news", frame)).to.equal(undefined);
      });

      it("are listed by time, without claims and failures", async () => {
        for (const sequence of [5, 3, 4, 6]) {
          const frame = buildFrame(sequence);
          await store.claimDetection("news", frame, claim);
          await store.storeDetection("news", frame, 1, { ...result, usd: sequence });
        }
        const list = async (fromTime: number, toTime: number) =>
          (
            await collect(
              store.listDetections("news", { fromTime: start + fromTime, toTime: start + toTime }),
            )
          ).map(({ usd }) => usd);
        await store.claimDetection("news", buildFrame(4, 1), claim);
        await store.claimDetection("news", buildFrame(4, 2), claim);
        await store.failDetection("news", buildFrame(4, 2), 1, { kind: "image", message: "no image" });
        expect(await list(0, 100)).to.deep.equal([3, 4, 5, 6]);
        expect(await list(6, 10)).to.deep.equal([3, 4]);
        expect(await list(6.001, 10.001)).to.deep.equal([4, 5]);
        expect(await list(100, 0)).to.deep.equal([]);
        expect(await collect(store.listDetections("sports", { fromTime: 0, toTime: 9e9 }))).to.deep.equal([]);
      });
    });

    describe("caps", () => {
      const caps = { maxDetectionsPerHour: 1000, maxUsdPerDay: 10 };
      const hour = Date.parse("2026-11-21T03:00:00Z") / 1000;

      it("let the burst and the even rate of the hour through, of 200 at once", async () => {
        const limits = { ...caps, maxDetectionsPerHour: 100 };
        const reserve = (minute: number) =>
          callConcurrently(() => store.reserveDetection("news", hour + minute * 60, 0.001, limits));
        const counts: number[] = [];
        for (const minute of [0, 20, 40, 59.99])
          counts.push((await reserve(minute)).filter(({ isAllowed }) => isAllowed).length);
        // 10 at once, and 90 in the hour.
        expect(counts).to.deep.equal([10, 30, 30, 29]);
        expect(await store.readUsage("news", hour)).to.deep.include({ detectionsThisHour: 99 });
      });

      it("let no more than the hour's detections through, of 200 at once", async () => {
        const results = await callConcurrently((index) =>
          store.reserveDetection("news", hour + 3400 + index, 0.001, { ...caps, maxDetectionsPerHour: 37 }),
        );
        expect(results.filter(({ isAllowed }) => isAllowed).length).to.be.within(36, 37);
        for (const decision of results)
          if (!decision.isAllowed)
            expect(decision).to.deep.equal({
              isAllowed: false,
              cap: "maxDetectionsPerHour",
              resetsAt: Date.parse("2026-11-21T04:00:00Z") / 1000,
            });
        const { detectionsThisHour, usdToday } = await store.readUsage("news", start);
        expect(detectionsThisHour).to.be.within(36, 37);
        expect(usdToday).to.equal(detectionsThisHour / 1000);
        const nextHour = Date.parse("2026-11-21T04:00:00Z") / 1000;
        expect(await store.readUsage("news", nextHour)).to.deep.equal({
          detectionsThisHour: 0,
          usdToday,
        });
        expect(
          (await store.reserveDetection("news", nextHour, 0.001, { ...caps, maxDetectionsPerHour: 37 }))
            .isAllowed,
        ).to.equal(true);
        expect(await store.readUsage("sports", start)).to.deep.equal({ detectionsThisHour: 0, usdToday: 0 });
      });

      it("let no more than the day's dollars through, of 200 at once", async () => {
        const limits = { maxDetectionsPerHour: 1000, maxUsdPerDay: 0.1 };
        const day = Date.parse("2026-11-21T00:00:00Z") / 1000;
        const results = await callConcurrently((index) =>
          store.reserveDetection("news", day + 86_399 - index * 18, 0.003, limits),
        );
        // 33 times 0.003 are 0.099.
        expect(results.filter(({ isAllowed }) => isAllowed)).to.have.length(33);
        for (const decision of results)
          if (!decision.isAllowed)
            expect(decision).to.deep.equal({
              isAllowed: false,
              cap: "maxUsdPerDay",
              resetsAt: Date.parse("2026-11-22T00:00:00Z") / 1000,
            });
        const evening = day + 86_399.999;
        expect((await store.readUsage("news", evening)).usdToday).to.equal(0.099);
        expect((await store.reserveDetection("news", evening, 0.002, limits)).isAllowed).to.equal(false);
        expect((await store.readUsage("news", evening)).usdToday).to.equal(0.099);
        expect(await store.readUsage("news", start + 86_400)).to.deep.equal({
          detectionsThisHour: 0,
          usdToday: 0,
        });
      });

      it("count nothing for a refused reservation", async () => {
        const limits = { maxDetectionsPerHour: 5, maxUsdPerDay: 1 };
        // Ten detections at their price are allowed at once, so that neither cap is spread.
        await store.reserveDetection("news", start, 0.5, limits);
        for (let call = 0; call < 3; call += 1)
          expect(await store.reserveDetection("news", start, 0.6, limits)).to.include({
            cap: "maxUsdPerDay",
          });
        expect(await store.readUsage("news", start)).to.deep.equal({ detectionsThisHour: 1, usdToday: 0.5 });
        for (let call = 0; call < 4; call += 1) await store.reserveDetection("news", start, 0, limits);
        for (let call = 0; call < 3; call += 1)
          expect(await store.reserveDetection("news", start, 0.1, limits)).to.include({
            cap: "maxDetectionsPerHour",
          });
        expect(await store.readUsage("news", start)).to.deep.equal({ detectionsThisHour: 5, usdToday: 0.5 });
      });

      it("stop everything at zero, but not calls without a price", async () => {
        expect(
          await store.reserveDetection("news", start, 0, { ...caps, maxDetectionsPerHour: 0 }),
        ).to.include({ cap: "maxDetectionsPerHour" });
        expect(await store.reserveDetection("news", start, 0.001, { ...caps, maxUsdPerDay: 0 })).to.include({
          cap: "maxUsdPerDay",
        });
        expect(await store.reserveDetection("news", start, 0, { ...caps, maxUsdPerDay: 0 })).to.deep.equal({
          isAllowed: true,
        });
      });
    });

    describe("labels", () => {
      it("count each frame once", async () => {
        expect(await store.recordSighting("news", buildSighting(1, { confidence: 90 }))).to.equal(true);
        expect(await store.recordSighting("news", buildSighting(1, { confidence: 99 }))).to.equal(false);
        expect(
          await store.recordSighting("news", buildSighting(2, { confidence: 97.5, imageKey: "2.jpg" })),
        ).to.equal(true);
        expect(
          await store.recordSighting("news", buildSighting(3, { confidence: 80, imageKey: "3.jpg" })),
        ).to.equal(true);
        for (const sequence of [3, 2, 1, 0])
          expect(await store.recordSighting("news", buildSighting(sequence))).to.equal(false);
        expect(await store.listLabels("news", "label")).to.deep.equal({
          labels: [
            {
              kind: "label",
              id: "Person",
              name: "Person",
              count: 3,
              firstSeenAt: start + 2,
              lastSeenAt: start + 6,
              confidence: 97.5,
              imageKey: "3.jpg",
            },
          ],
        });
      });

      it("count one of 20 concurrent repetitions of a frame", async () => {
        await store.recordSighting("news", buildSighting(1));
        for (const confidence of [80, 99]) {
          const counted = await callConcurrently(
            () => store.recordSighting("news", buildSighting(confidence, { confidence })),
            20,
          );
          expect(counted.filter((isCounted) => isCounted)).to.have.length(1);
        }
        const first = await callConcurrently(
          () => store.recordSighting("news", buildSighting(1, { id: "Cup", name: "Cup" })),
          20,
        );
        expect(first.filter((isCounted) => isCounted)).to.have.length(1);
        const { labels } = await store.listLabels("news", "label");
        expect(labels.map(({ id, count, confidence }) => [id, count, confidence])).to.deep.equal([
          ["Person", 3, 99],
          ["Cup", 1, 90],
        ]);
      });

      it("are separate for kinds and channels, and keep the pages of a celebrity", async () => {
        const celebrity = { kind: "celebrity", id: "3Ir0du6", name: "Ann", urls: ["example.org/a"] } as const;
        await store.recordSighting("news", buildSighting(1, celebrity));
        await store.recordSighting("news", buildSighting(2, { ...celebrity, id: "9Xy" }));
        await store.recordSighting("news", buildSighting(1));
        await store.recordSighting("sports", buildSighting(1, { id: "Ball", name: "Ball" }));
        const celebrities = await listLabels("celebrity", 1);
        expect(celebrities.map(({ id, name, urls }) => ({ id, name, urls }))).to.deep.equal([
          { id: "9Xy", name: "Ann", urls: ["example.org/a"] },
          { id: "3Ir0du6", name: "Ann", urls: ["example.org/a"] },
        ]);
        expect((await listLabels("label", 5)).map(({ id }) => id)).to.deep.equal(["Person"]);
        expect((await listLabels("label", 5, "sports")).map(({ id }) => id)).to.deep.equal(["Ball"]);
        expect(await listLabels("celebrity", 5, "sports")).to.deep.equal([]);
      });

      it("are listed newest first in pages without gaps, never by name", async () => {
        // Of each 5 labels of one frame, the ids decide, so that no page ends between equal keys.
        const ids = Array.from({ length: 23 }, (_, index) => `Label ${(index * 7) % 23}`);
        for (const [index, id] of ids.entries())
          await store.recordSighting("news", buildSighting(Math.floor(index / 5), { id, name: id }));
        const expected = Array.from({ length: 5 }, (_, group) => ids.slice(group * 5, group * 5 + 5))
          .reverse()
          .flatMap((group) => group.toSorted().reverse());
        for (const limit of [1, 4, 5, 23, 24])
          expect((await listLabels("label", limit)).map(({ id }) => id)).to.deep.equal(expected);
        await store.recordSighting("news", buildSighting(100, { id: "Label 0", name: "Label 0" }));
        const [newest] = (await store.listLabels("news", "label", { limit: 1 })).labels;
        expect([newest?.id, newest?.count]).to.deep.equal(["Label 0", 2]);
      });
    });

    describe("appearances", () => {
      const closed = (sequence: number): Partial<Appearance> => ({
        status: "closed",
        end: buildFrame(sequence, 3),
      });

      it("are created once, by one of 200 writers", async () => {
        const results = await callConcurrently((index) =>
          store.putAppearance(buildAppearance(1, { confidence: index / 2 })),
        );
        const winners = results.filter(({ written }) => written);
        expect(winners).to.have.length(1);
        const stored = await store.readAppearance("news", buildAppearance(1).id);
        expect(stored?.revision).to.equal(1);
        for (const { appearance } of results) expect(appearance).to.deep.equal(stored);
      });

      it("are replaced at the expected revision only, so that a late watcher changes nothing", async () => {
        const first = buildAppearance(1, { imageKey: "1.jpg" });
        expect(await store.putAppearance(first)).to.deep.equal({
          written: true,
          appearance: { ...first, revision: 1 },
        });
        const { imageKey: _imageKey, ...withoutImage } = first;
        const clipRetry = {
          failures: 2,
          notBefore: start + 60,
          reason: "The key is wrong.",
          isTransient: false,
        };
        const second: Appearance = { ...withoutImage, ...closed(5), clipRetry };
        const late = { ...first, confidence: 99 };
        expect(await store.putAppearance(second, 1)).to.deep.equal({
          written: true,
          appearance: { ...second, revision: 2 },
        });
        for (const revision of [undefined, 1, 3])
          expect(await store.putAppearance(late, revision)).to.deep.equal({
            written: false,
            appearance: { ...second, revision: 2 },
          });
        expect(await store.readAppearance("news", first.id)).to.deep.equal({ ...second, revision: 2 });
        expect(await store.readAppearance("sports", first.id)).to.equal(undefined);
        expect(await store.putAppearance(buildAppearance(9), 1)).to.deep.equal({
          written: false,
          appearance: undefined,
        });
        expect(await store.readAppearance("news", buildAppearance(9).id)).to.equal(undefined);
      });

      it("return with everything that was written", async () => {
        const whole: Appearance = {
          ...buildAppearance(1),
          status: "closed",
          end: buildFrame(4, 7),
          inexactEdges: ["start", "end"],
          imageKey: "archive/news/frames/1-0.jpg",
          clip: { kind: "refused", reason: "The archive has expired." },
        };
        await store.putAppearance(whole);
        expect(await store.readAppearance("news", whole.id)).to.deep.equal({ ...whole, revision: 1 });
      });

      it("report a repeated write as written", async () => {
        const first = buildAppearance(1);
        const second = { ...first, ...closed(5) };
        await store.putAppearance(first);
        expect((await store.putAppearance(first)).written).to.equal(true);
        await store.putAppearance(second, 1);
        expect(await store.putAppearance(second, 1)).to.deep.equal({
          written: true,
          appearance: { ...second, revision: 2 },
        });
        expect((await store.putAppearance(first)).written).to.equal(false);
      });

      it("are listed newest start first, of all labels and of one, in pages without gaps", async () => {
        for (const sequence of [4, 1, 5, 3, 2, 6, 7])
          await store.putAppearance(
            buildAppearance(sequence, { label: sequence % 2 === 0 ? "Cup" : "Person" }),
          );
        await store.putAppearance(buildAppearance(1, { label: "Zebra" }));
        await store.putAppearance(buildAppearance(9, { channel: "sports" }));
        const describeAll = (appearances: Awaited<ReturnType<typeof listAppearances>>) =>
          appearances.map(({ label, start: { time } }) => `${label} ${(time - start) / 2}`);
        for (const limit of [1, 3, 8, 50]) {
          expect(describeAll(await listAppearances(limit))).to.deep.equal([
            "Person 7",
            "Cup 6",
            "Person 5",
            "Cup 4",
            "Person 3",
            "Cup 2",
            "Zebra 1",
            "Person 1",
          ]);
          expect(describeAll(await listAppearances(limit, "Cup"))).to.deep.equal(["Cup 6", "Cup 4", "Cup 2"]);
        }
        expect(await listAppearances(5, "Dog")).to.deep.equal([]);
      });

      it("follow a change of their start", async () => {
        for (const sequence of [1, 2]) await store.putAppearance(buildAppearance(sequence));
        await store.putAppearance({ ...buildAppearance(1), start: buildFrame(3) }, 1);
        for (const label of [undefined, "Person"])
          expect((await listAppearances(1, label)).map(({ start: { time } }) => time - start)).to.deep.equal([
            6, 4,
          ]);
      });

      it("are listed while they are open", async () => {
        const list = async () => (await store.listOpenAppearances("news")).map(({ id }) => id);
        for (const sequence of [1, 3, 2]) await store.putAppearance(buildAppearance(sequence));
        await store.putAppearance(buildAppearance(4, { channel: "sports" }));
        expect(await list()).to.deep.equal([3, 2, 1].map((sequence) => buildAppearance(sequence).id));
        await store.putAppearance({ ...buildAppearance(2), ...closed(3) }, 1);
        expect(await list()).to.deep.equal([3, 1].map((sequence) => buildAppearance(sequence).id));
        expect(await store.listOpenAppearances("none")).to.deep.equal([]);
      });

      it("are listed until what becomes of their clips is known", async () => {
        const list = async () => (await store.listUnclippedAppearances("news")).map(({ id }) => id);
        for (const sequence of [1, 3, 2]) await store.putAppearance(buildAppearance(sequence));
        expect(await list()).to.deep.equal([]);
        for (const sequence of [1, 3, 2])
          await store.putAppearance({ ...buildAppearance(sequence), ...closed(sequence + 1) }, 1);
        expect(await list()).to.deep.equal([3, 2, 1].map((sequence) => buildAppearance(sequence).id));
        await store.putAppearance({ ...buildAppearance(3), ...closed(4), clipJobId: "job" }, 2);
        await store.putAppearance(
          { ...buildAppearance(2), ...closed(3), mergedInto: buildAppearance(1).id },
          2,
        );
        expect(await list()).to.deep.equal([buildAppearance(1).id]);
        expect(await store.listUnclippedAppearances("sports")).to.deep.equal([]);
      });

      it("are kept while they are open", async () => {
        expect(await store.keepAppearance("news", buildAppearance(1).id)).to.equal(false);
        await store.putAppearance(buildAppearance(1));
        // It was written less than a day ago.
        expect(await store.keepAppearance("news", buildAppearance(1).id)).to.equal(false);
        expect(await store.readAppearance("news", buildAppearance(1).id)).to.deep.include({ revision: 1 });
      });

      it("are read but not listed after they were merged into another", async () => {
        const survivor = { ...buildAppearance(1), ...closed(9) };
        const absorbed = buildAppearance(5);
        await store.putAppearance(survivor);
        await store.putAppearance(absorbed);
        const merged: Appearance = { ...absorbed, ...closed(9), mergedInto: survivor.id };
        expect((await store.putAppearance(merged, 1)).written).to.equal(true);
        expect(await store.readAppearance("news", absorbed.id)).to.deep.equal({ ...merged, revision: 2 });
        for (const label of [undefined, "Person"])
          expect((await listAppearances(5, label)).map(({ id }) => id)).to.deep.equal([survivor.id]);
        await store.putAppearance({ ...absorbed, mergedInto: survivor.id }, 2);
        expect(await store.listOpenAppearances("news")).to.deep.equal([]);
      });
    });

    it("returns copies: a caller cannot change what is stored", async () => {
      const frameTimes = [0, 1];
      const segment = buildSegment(1, { frameTimes });
      await store.putSegment(segment);
      frameTimes[0] = 9;
      const state = { positions: [1] };
      await store.saveState(await acquireLease("first"), state, watching);
      state.positions[0] = 9;
      expect((await store.readSegment("news", segment.id))?.frameTimes).to.deep.equal([0, 1]);
      expect((await store.readSavedChannel("news")).state).to.deep.equal({ positions: [1] });
    });

    it("reports an invalid cursor as the caller's mistake", async () => {
      for (const cursor of ["", "{}", "null", '{"createdAtId":"yesterday"}', "no JSON"])
        for (const list of [
          () => store.listLabels("news", "label", { cursor }),
          () => store.listAppearances("news", { cursor }),
          () => store.listAppearances("news", { cursor, label: "Person" }),
        ]) {
          const failure = await list().catch((cause: unknown) => cause);
          expect(failure, cursor).to.be.instanceOf(StoreFailure).and.to.include({ kind: "invalid" });
        }
    });
  });
};
