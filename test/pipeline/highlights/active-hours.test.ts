import { expect } from "chai";
import { isActive } from "../../../pipeline/highlights/active-hours.ts";

describe("the active hours of a channel", () => {
  const at = (time: string) => new Date(time);

  it("are all hours without activeHours", () => {
    expect(isActive(undefined, at("2026-11-30T03:00:00Z"))).to.equal(true);
  });

  it("are from the first hour until before the last, in the time zone", () => {
    const hours = { from: 9, to: 24, timeZone: "Europe/Berlin" };

    // Berlin is an hour ahead of UTC in winter, and two in summer.
    expect(isActive(hours, at("2026-11-30T07:59:59Z"))).to.equal(false);
    expect(isActive(hours, at("2026-11-30T08:00:00Z"))).to.equal(true);
    expect(isActive(hours, at("2026-11-30T22:59:59Z"))).to.equal(true);
    expect(isActive(hours, at("2026-11-30T23:00:00Z"))).to.equal(false);
    expect(isActive(hours, at("2026-06-30T07:00:00Z"))).to.equal(true);
  });

  it("may span midnight", () => {
    const hours = { from: 20, to: 4, timeZone: "UTC" };

    const active = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) =>
      isActive(hours, new Date(Date.UTC(2026, 10, 30, hour))),
    );
    expect(active).to.deep.equal([0, 1, 2, 3, 20, 21, 22, 23]);
  });
});
