import { expect } from "chai";
import fc from "fast-check";
import { checkCaps } from "../../../pipeline/highlights/usage.ts";

const caps = { maxDetectionsPerHour: 1000, maxUsdPerDay: 10 };
/** The last second of a day: nothing of the caps is held back. */
const at = Date.UTC(2026, 10, 30, 23, 59, 59.999) / 1000;
const midnight = Date.UTC(2026, 11, 1) / 1000;

describe("the caps of a channel", () => {
  it("allow a detection up to both", () => {
    const check = (detectionsThisHour: number, usdToday: number) =>
      checkCaps(caps, { detectionsThisHour, usdToday }, 0.001, at);
    expect(check(0, 0)).to.deep.equal({ isAllowed: true });
    expect(check(998, 9.998)).to.deep.equal({ isAllowed: true });
  });

  it("stop detections until the next hour", () => {
    const morning = Date.UTC(2026, 10, 30, 13, 20, 5) / 1000;
    expect(checkCaps(caps, { detectionsThisHour: 1000, usdToday: 1 }, 0.001, morning)).to.deep.equal({
      isAllowed: false,
      cap: "maxDetectionsPerHour",
      resetsAt: Date.UTC(2026, 10, 30, 14) / 1000,
    });
  });

  it("stop detections until the next day, whatever the hour says", () => {
    for (const detectionsThisHour of [0, 1000])
      expect(checkCaps(caps, { detectionsThisHour, usdToday: 9.9995 }, 0.001, at)).to.deep.equal({
        isAllowed: false,
        cap: "maxUsdPerDay",
        resetsAt: midnight,
      });
  });

  it("name no time if one detection costs more than the cap of a day", () => {
    const usage = { detectionsThisHour: 0, usdToday: 0 };
    expect(checkCaps({ ...caps, maxUsdPerDay: 0 }, usage, 0.001, at)).to.deep.equal({
      isAllowed: false,
      cap: "maxUsdPerDay",
    });
  });

  it("are not bound to free detections: a day's cap of 0 allows them", () => {
    const usage = { detectionsThisHour: 0, usdToday: 0 };
    expect(checkCaps({ ...caps, maxUsdPerDay: 0 }, usage, 0, at).isAllowed).to.equal(true);
  });

  it("allow as many detections as fit, in spite of rounding errors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.constantFrom(0.001, 0.002, 0.0007), (count, usd) => {
        const limits = { maxDetectionsPerHour: 1000, maxUsdPerDay: count * usd };
        const usage = { detectionsThisHour: 0, usdToday: 0 };
        for (let second = 0; second < 86_400; second += 60)
          while (checkCaps(limits, usage, usd, midnight + second).isAllowed) {
            usage.detectionsThisHour += 1;
            usage.usdToday += usd;
          }
        expect(usage.detectionsThisHour).to.be.within(count - 1, count);
      }),
      { numRuns: 20 },
    );
  });

  /** Times of the detections of a channel that asks for one each `seconds`, from midnight. */
  const simulate = (limits: typeof caps, usd: number, seconds: number, hours: number): readonly number[] => {
    const times: number[] = [];
    let usdToday = 0;
    for (let hour = 0; hour < hours; hour += 1) {
      let detectionsThisHour = 0;
      for (let time = midnight + hour * 3600; time < midnight + (hour + 1) * 3600; time += seconds)
        if (checkCaps(limits, { detectionsThisHour, usdToday }, usd, time).isAllowed) {
          detectionsThisHour += 1;
          usdToday += usd;
          times.push(time);
        }
    }
    return times;
  };

  it("are spread: a busy channel has a burst, then detections to the end of the hour, up to the cap", () => {
    const perHour = fc.integer({ min: 20, max: 5000 });
    fc.assert(
      fc.property(perHour, fc.constantFrom(0.2, 0.5, 1), (maxDetectionsPerHour, seconds) => {
        const times = simulate({ maxDetectionsPerHour, maxUsdPerDay: 1000 }, 0.001, seconds, 1);
        expect(times.length).to.be.at.most(maxDetectionsPerHour);
        const burst = Math.max(10, maxDetectionsPerHour / 10);
        // Each waits for its share of the hour, and for the next frame.
        const longestWait = 3600 / (maxDetectionsPerHour - burst) + seconds;
        for (const [index, time] of times.entries())
          expect((times[index + 1] ?? midnight + 3600) - time).to.be.at.most(longestWait + 1e-6);
        expect(times.filter((time) => time < midnight + 60).length).to.be.at.least(
          Math.min(burst, 60 / seconds) - 1,
        );
      }),
      { numRuns: 30 },
    );
  });

  it("are spread over the day, too: dollars last until midnight", () => {
    const times = simulate({ maxDetectionsPerHour: 100_000, maxUsdPerDay: 2 }, 0.001, 10, 24);
    expect(times.length).to.be.within(1999, 2000);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...gaps)).to.be.at.most(60);
  });

  it("leave to a busy hour what a quiet one has not used of the day", () => {
    const limits = { maxDetectionsPerHour: 1000, maxUsdPerDay: 1 };
    const noon = midnight + 12 * 3600;
    const check = (usdToday: number) => checkCaps(limits, { detectionsThisHour: 0, usdToday }, 0.001, noon);
    expect(check(0.5).isAllowed).to.equal(true);
    expect(check(0.55).isAllowed).to.equal(false);
  });

  it("reset later than now", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e9 }), (now) => {
        const decision = checkCaps(caps, { detectionsThisHour: 1000, usdToday: 0 }, 0.001, now);
        if (decision.isAllowed || decision.resetsAt === undefined) throw new Error("not stopped");
        expect(decision.resetsAt)
          .to.be.above(now)
          .and.at.most(now + 3600);
        expect(decision.resetsAt % 3600).to.equal(0);
      }),
    );
  });
});
