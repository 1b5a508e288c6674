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

  const day = { from: 8, to: 18, timeZone: "Europe/Berlin" };
  const night = { from: 22, to: 6, timeZone: "UTC" };

  it("follows the hours in the time zone of the channel, also over midnight", () => {
    for (const [activeHours, iso, isWatched] of [
      [undefined, "2026-11-30T03:00:00Z", true],
      // Berlin is an hour ahead of UTC in winter, and two in summer.
      [day, "2026-11-30T06:59:59Z", false],
      [day, "2026-11-30T07:00:00Z", true],
      [day, "2026-11-30T17:00:00Z", false],
      [day, "2026-07-30T06:00:00Z", true],
      [night, "2026-11-30T21:59:59Z", false],
      [night, "2026-11-30T22:00:00Z", true],
      [night, "2026-11-30T00:00:00Z", true],
      [night, "2026-11-30T06:00:00Z", false],
    ] as const)
      expect(isActive(activeHours, new Date(iso)), iso).to.equal(isWatched);
  });
});
