import { expect } from "chai";
import { createDynamoSweepStore } from "../../adapters/aws/sweep-store.ts";
import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import type { SweepStore } from "../../pipeline/jobs/sweep-store.ts";
import { jobsTable } from "../../pipeline/ports/tables.ts";
import { newTable } from "./new-table.ts";

describe("the store of the sweep", () => {
  let database: LocalDatabase;
  let store: SweepStore;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    store = createDynamoSweepStore(database.client, await newTable(database.client, jobsTable));
  });
  const registration = { route: "films", selection: "1", since: "2026-11-21T03:00:00.000Z" };

  it("replaces the routes of a bucket only if nobody else did", async () => {
    expect(await store.readRegistry("input")).to.eql({ revision: 0, registrations: [] });
    expect(await store.replaceRegistry("input", 0, [registration])).to.equal(true);
    expect(await store.replaceRegistry("input", 0, [])).to.equal(false);
    const unrouted = { ...registration, route: null };
    expect(await store.replaceRegistry("input", 1, [unrouted])).to.equal(true);
    expect(await store.replaceRegistry("input", 1, [])).to.equal(false);
    expect(await store.readRegistry("input")).to.eql({ revision: 2, registrations: [unrouted] });
    expect((await store.readRegistry("other")).revision).to.equal(0);
  });

  it("keeps the cursor of a bucket", async () => {
    expect(await store.readCursor("input")).to.equal(undefined);
    const passStartedAt = "2026-11-21T03:00:00.000Z";
    for (const cursor of [
      { prefix: "", passStartedAt, after: { key: "a", versionId: "v1" } },
      { prefix: "films/", passStartedAt },
      undefined,
    ]) {
      await store.writeCursor("input", cursor);
      expect(await store.readCursor("input")).to.eql(cursor);
    }
    await store.writeCursor("input", {
      prefix: "",
      passStartedAt,
      after: { key: "a", versionId: undefined },
    });
    expect((await store.readCursor("input"))?.after).to.eql({ key: "a" });
  });
});
