import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import type { AppearanceTableNames } from "../../../adapters/aws/appearance-store.ts";
import { type LocalDatabase, openDatabase } from "../../../adapters/local/database.ts";
import { removeExpiredItems } from "../../../adapters/local/expired-items.ts";
import type { AppearanceStore } from "../../../pipeline/highlights/appearance-store.ts";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  labelsTable,
} from "../../../pipeline/ports/tables.ts";
import { collect } from "../../contract/collect.ts";
import { openDynamoAppearanceStore, retentionDays } from "../../contract/open-appearance-store.ts";
import { createLossyClient, type LossyClient } from "./lossy-client.ts";

const start = Date.parse("2026-11-21T03:10:00Z") / 1000;
const frame = { segmentId: "0001-0000000001", frame: 3, time: start };
const segment = {
  channel: "news",
  id: frame.segmentId,
  timeline: 1,
  isInterrupted: false,
  candidates: [],
  startTime: start,
  durationSeconds: 2,
  key: "archive/1.ts",
  bytes: 1,
  frameTimes: [0, 0.04, 0.08, 0.12],
};
const appearance = {
  id: "first",
  channel: "news",
  label: "Person",
  status: "open",
  start: frame,
  confidence: 90,
} as const;
const sighting = { kind: "label", id: "Person", name: "Person", frame, confidence: 90 } as const;
const result = { detection: { labels: [], celebrities: [] }, usd: 0.001 };
const caps = { maxDetectionsPerHour: 10, maxUsdPerDay: 1 };
const watching = { name: "watching", message: "" } as const;

describe("the appearance store in DynamoDB", () => {
  let database: LocalDatabase;
  let lossyClient: LossyClient;
  let now: number;
  const clock = { now: () => new Date(now * 1000) };
  before(async () => {
    database = await openDatabase();
    lossyClient = createLossyClient(database);
  });
  after(async () => {
    lossyClient.client.destroy();
    await database.close();
  });
  beforeEach(() => {
    now = start;
  });

  describe("time to live", () => {
    const definitions = {
      channels: channelsTable,
      detections: detectionsTable,
      labels: labelsTable,
      appearances: appearancesTable,
    };
    let store: AppearanceStore;
    let tableNames: AppearanceTableNames;
    beforeEach(async () => {
      ({ store, tableNames } = await openDynamoAppearanceStore(database.client, clock));
    });

    const writeAll = async (): Promise<void> => {
      const lease = await store.acquireLease("news", "watcher", 60);
      if (lease === undefined) throw new Error("The lease is held");
      await store.saveState(lease, {}, watching);
      await store.setPaused("news", true);
      await store.putSegment(segment);
      await store.reserveDetection("news", now, 0.001, caps);
      for (const number of [1, 2, 3])
        await store.claimDetection("news", { ...frame, frame: number }, { token: lease.token, at: now });
      await store.storeDetection("news", { ...frame, frame: 2 }, lease.token, result);
      await store.failDetection("news", { ...frame, frame: 3 }, lease.token, {
        kind: "image",
        message: "The image is not valid",
      });
      await store.recordSighting("news", sighting);
      await store.recordSighting("news", { ...sighting, kind: "celebrity" });
      await store.putAppearance(appearance);
      await store.putAppearance({ ...appearance, id: "second" });
      await store.putAppearance({ ...appearance, id: "second", mergedInto: "first" }, 1);
    };
    const scan = async (tableName: string) => {
      const { Items = [] } = await database.client.send(new ScanCommand({ TableName: tableName }));
      return Items.map((item) => unmarshall(item));
    };
    const removeExpired = async (at: number): Promise<number> => {
      let count = 0;
      for (const name of ["channels", "detections", "labels", "appearances"] as const)
        count += await removeExpiredItems(
          database.client,
          tableNames[name],
          definitions[name],
          new Date(at * 1000),
        );
      return count;
    };

    it("is set on every item but the channel's own", async () => {
      await writeAll();
      const expiresAt = start + retentionDays * 86_400;
      const counts: Record<string, number> = {};
      for (const [name, tableName] of Object.entries(tableNames))
        for (const item of await scan(tableName)) {
          counts[name] = (counts[name] ?? 0) + 1;
          expect(item.expiresAt, JSON.stringify(item)).to.equal(
            item.item === "channel" ? undefined : expiresAt,
          );
        }
      expect(counts).to.deep.equal({ channels: 3, detections: 3, labels: 2, appearances: 2 });
    });

    it("is extended by each write, and ends what is not written any more", async () => {
      await writeAll();
      now += 3 * 86_400;
      const later = { ...frame, segmentId: "0001-0000000002", time: now };
      await store.recordSighting("news", { ...sighting, frame: later });
      await store.putAppearance({ ...appearance, status: "closed", end: later }, 1);
      const expiresAt = start + retentionDays * 86_400;
      expect(await removeExpired(expiresAt)).to.equal(0);
      // A segment, the day's counts, three detections, a celebrity and an appearance.
      expect(await removeExpired(expiresAt + 1)).to.equal(7);
      expect((await store.listLabels("news", "label")).labels.map(({ count }) => count)).to.deep.equal([2]);
      expect((await store.listAppearances("news")).appearances.map(({ id }) => id)).to.deep.equal(["first"]);
      expect(await collect(store.listSegments("news", {}))).to.deep.equal([]);
      expect((await store.claimDetection("news", frame, { token: 9, at: now })).status).to.equal("claimed");
      expect(await removeExpired(expiresAt + 100 * 86_400)).to.equal(3);
      expect((await store.readChannel("news")).paused).to.equal(true);
    });
  });

  it("keeps an open appearance beyond the retention, with two writes a day", async () => {
    const { store, tableNames } = await openDynamoAppearanceStore(database.client, clock);
    await store.putAppearance(appearance);
    const readExpiry = async (): Promise<number> => {
      const { Items: [item] = [] } = await database.client.send(
        new ScanCommand({ TableName: tableNames.appearances }),
      );
      return Number(item?.expiresAt?.N);
    };
    const changes: number[] = [];
    for (let hour = 0; hour < 20 * 24; hour += 6) {
      now = start + hour * 3600;
      if (await store.keepAppearance("news", appearance.id)) changes.push(hour);
      expect(await readExpiry()).to.be.above(now + (retentionDays - 1) * 86_400);
    }
    expect(changes.length).to.be.within(19, 27);

    await store.putAppearance({ ...appearance, status: "closed", end: frame }, 1);
    const expiry = await readExpiry();
    now += 5 * 86_400;
    expect(await store.keepAppearance("news", appearance.id)).to.equal(false);
    expect(await store.keepAppearance("news", "none")).to.equal(false);
    expect(await readExpiry()).to.equal(expiry);
  });

  it("stores a segment of two seconds at 29.97 frames a second in less than a kilobyte", async () => {
    const { store, tableNames } = await openDynamoAppearanceStore(database.client, clock);
    const frameTimes = Array.from({ length: 60 }, (_, index) => (index * 1001) / 30_000);
    await store.putSegment({ ...segment, frameTimes });
    const { Items: [item] = [] } = await database.client.send(
      new ScanCommand({ TableName: tableNames.channels }),
    );
    expect(item?.frameTimes?.B?.byteLength).to.be.below(200);
    expect(Buffer.byteLength(JSON.stringify({ ...item, frameTimes: undefined }))).to.be.below(800);
  });

  describe("writes whose first response is lost", () => {
    let store: AppearanceStore;
    beforeEach(async () => {
      ({ store } = await openDynamoAppearanceStore(lossyClient.client, clock));
    });
    const withLostAnswer: LossyClient["withLostAnswer"] = (act) => lossyClient.withLostAnswer(act);

    it("give the lease to their own watcher", async () => {
      const lease = await withLostAnswer(() => store.acquireLease("news", "one", 60));
      if (lease === undefined) throw new Error("The lease is held");
      expect(lease.ownerId).to.equal("one");
      expect(await withLostAnswer(() => store.acquireLease("news", "two", 60))).to.equal(undefined);
      expect((await withLostAnswer(() => store.renewLease(lease, 60)))?.token).to.equal(lease.token);
      expect(await withLostAnswer(() => store.saveState(lease, { position: 1 }, watching))).to.equal(true);
      expect(await withLostAnswer(() => store.setPaused("news", true))).to.equal(true);
      expect(await withLostAnswer(() => store.releaseLease(lease))).to.equal(true);
      expect(await store.acquireLease("news", "two", 60)).not.to.equal(undefined);
    });

    it("claim a frame for their own watcher, and store its result once", async () => {
      const claim = (token: number) =>
        withLostAnswer(() => store.claimDetection("news", frame, { token, at: start }));
      expect(await claim(1)).to.deep.equal({ status: "claimed" });
      expect(await claim(2)).to.deep.equal({ status: "unknown", reason: "abandoned" });
      const failure = { kind: "transient", message: "reset" } as const;
      expect(await withLostAnswer(() => store.failDetection("news", frame, 1, failure))).to.equal(true);
      expect(await claim(2)).to.deep.equal({ status: "claimed" });
      expect(await withLostAnswer(() => store.storeDetection("news", frame, 1, result))).to.equal(false);
      expect(await withLostAnswer(() => store.storeDetection("news", frame, 2, result))).to.equal(true);
      expect((await claim(3)).status).to.equal("detected");
    });

    it("store a segment, a sighting and an appearance once", async () => {
      expect((await withLostAnswer(() => store.putSegment(segment))).isNew).to.equal(true);
      expect(await withLostAnswer(() => store.recordSighting("news", sighting))).to.equal(true);
      const { labels } = await store.listLabels("news", "label");
      expect(labels.map(({ count }) => count)).to.deep.equal([1]);
      expect((await withLostAnswer(() => store.putAppearance(appearance))).written).to.equal(true);
      const closed = { ...appearance, status: "closed", end: frame } as const;
      expect(await withLostAnswer(() => store.putAppearance(closed, 1))).to.deep.equal({
        written: true,
        appearance: { ...closed, revision: 2 },
      });
    });

    it("exceed no cap", async () => {
      const limits = { maxDetectionsPerHour: 5, maxUsdPerDay: 0.003 };
      let reservedCount = 0;
      for (let call = 0; call < 10; call += 1)
        if ((await withLostAnswer(() => store.reserveDetection("news", start, 0.001, limits))).isAllowed)
          reservedCount += 1;
      const { detectionsThisHour, usdToday } = await store.readUsage("news", start);
      expect(reservedCount).to.be.within(1, detectionsThisHour);
      expect(usdToday).to.be.at.most(0.003);
    });
  });
});
