import { expect } from "chai";
import fc from "fast-check";
import { checkCaps } from "../../../pipeline/highlights/usage.ts";

const caps = { maxDetectionsPerHour: 1000, maxUsdPerDay: 10 };
const at = Date.UTC(2026, 10, 30, 13, 20, 5) / 1000;
const midnight = Date.UTC(2026, 11, 1) / 1000;

describe("the caps of a channel", () => {
  it("allow a detection up to both", () => {
    const check = (detectionsThisHour: number, usdToday: number) =>
      checkCaps(caps, { detectionsThisHour, usdToday }, 0.001, at);
    expect(check(0, 0)).to.deep.equal({ isAllowed: true });
    expect(check(999, 9.999)).to.deep.equal({ isAllowed: true });
  });

  it("stop detections until the next hour", () => {
    expect(checkCaps(caps, { detectionsThisHour: 1000, usdToday: 1 }, 0.001, at)).to.deep.equal({
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

  it("allow exactly as many detections as fit, in spite of rounding errors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.constantFrom(0.001, 0.002, 0.0007), (count, usd) => {
        const limits = { maxDetectionsPerHour: 1000, maxUsdPerDay: count * usd };
        const usage = { detectionsThisHour: 0, usdToday: 0 };
        while (checkCaps(limits, usage, usd, at).isAllowed) {
          usage.detectionsThisHour += 1;
          usage.usdToday += usd;
        }
        expect(usage.detectionsThisHour).to.equal(count);
      }),
    );
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
