import { expect } from "chai";
import { createDynamoTokenBucket } from "../../adapters/aws/token-bucket.ts";
import { type LocalDatabase, openDatabase } from "../../adapters/local/database.ts";
import { jobsTable } from "../../pipeline/ports/tables.ts";
import { newTable } from "./new-table.ts";

describe("the token bucket", () => {
  const rate = { perSecond: 15, burst: 5 };
  let database: LocalDatabase;
  let tableName: string;
  let now: number;
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    tableName = await newTable(database.client, jobsTable);
    now = 1_795_000_000_000;
  });
  const open = () => createDynamoTokenBucket(database.client, tableName, { now: () => new Date(now) });

  it("gives a burst, then says when the next token is due", async () => {
    const bucket = open();
    const waits: number[] = [];
    for (let count = 0; count < 6; count += 1) waits.push(await bucket.take("run-task", rate));
    expect(waits).to.eql([0, 0, 0, 0, 0, 67]);
    now += 67;
    expect([await bucket.take("run-task", rate), await bucket.take("other", rate)]).to.eql([0, 0]);
  });

  it("never gives concurrent callers more than the rate and its burst in a second", async () => {
    const takenAt: number[] = [];
    const callers = Array.from({ length: 6 }, open);
    for (let step = 0; step < 60; step += 1) {
      const waits = await Promise.all(callers.map((caller) => caller.take("run-task", rate)));
      takenAt.push(...waits.filter((wait) => wait === 0).map(() => now));
      now += 50;
    }
    for (const start of takenAt)
      expect(takenAt.filter((time) => time >= start && time < start + 1000).length).to.be.at.most(20);
    expect(takenAt.length).to.be.at.least(40);
  });
});
