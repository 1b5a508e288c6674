import { expect } from "chai";
import * as fc from "fast-check";
import { createDynamoRateLimiter } from "../../../adapters/aws/rate-limiter.ts";
import { type LocalDatabase, localTableNames, openDatabase } from "../../../adapters/local/database.ts";
import type { RateLimiter } from "../../../pipeline/ports/rate-limiter.ts";

describe("the rate limiter in the jobs table", () => {
  let database: LocalDatabase;
  let nowMs: number;
  const open = (): RateLimiter =>
    createDynamoRateLimiter(database.client, localTableNames.jobs, { now: () => new Date(nowMs) });
  before(async () => {
    database = await openDatabase();
  });
  after(() => database.close());
  beforeEach(() => {
    nowMs = Date.parse("2026-11-21T03:00:00.000Z");
  });

  it("counts up to the limit, for all instances together, and separately by key and window", async () => {
    const [first, second] = [open(), open()];
    nowMs += 12_500;
    const waits = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? first : second).take("a", 7, 60)),
    );
    expect(waits.sort((a, b) => a - b)).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 48, 48, 48]);
    expect(await first.take("b", 7, 60)).to.equal(0);
    expect(await first.take("a", 7, 3600)).to.equal(0);
    nowMs += 47_499;
    expect(await first.take("a", 7, 60)).to.equal(1);
    nowMs += 1;
    expect(await first.take("a", 7, 60)).to.equal(0);
  });

  it("counts nothing with a limit of zero", async () => {
    expect(await open().take("none", 0, 60)).to.equal(60);
  });

  it("lets exactly as many events pass in a window as its limit, whatever the times", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 29_999 }), { minLength: 1, maxLength: 12 }),
        async (limit, offsets) => {
          run += 1;
          const limiter = open();
          const passed = new Map<number, number>();
          const start = nowMs;
          for (const offset of offsets.toSorted((a, b) => a - b)) {
            nowMs = start + offset;
            const window = Math.floor(nowMs / 10_000);
            const count = passed.get(window) ?? 0;
            const wait = await limiter.take(`key ${run}`, limit, 10);
            expect(wait === 0).to.equal(count < limit);
            if (wait === 0) passed.set(window, count + 1);
            // The next window begins after the wait, and not before.
            else expect(Math.floor((nowMs + wait * 1000) / 10_000)).to.equal(window + 1);
          }
          nowMs = start;
        },
      ),
      { numRuns: 30 },
    );
  });
});
