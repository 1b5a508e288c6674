import { expect } from "chai";
import { choosePollDelayMs, pollDelaysMs } from "../../web/highlights/poll-delay.ts";
import { offerRange, toLimits, toRequestRange } from "../../web/highlights/range.ts";
import { formatTimeZone } from "../../web/highlights/times.ts";

describe("the pause between two reads of a channel", () => {
  const unchanged = { hasChanged: false, hasPendingClip: false, isWatched: true };

  it("grows to a limit while nothing changes, and is short after a change", () => {
    const delays = [pollDelaysMs.shortest];
    for (let read = 0; read < 6; read += 1) delays.push(choosePollDelayMs(delays.at(-1) ?? 0, unchanged));
    expect(delays).to.deep.equal([2500, 3750, 5625, 8437.5, 10_000, 10_000, 10_000]);
    expect(choosePollDelayMs(10_000, { ...unchanged, hasChanged: true })).to.equal(2500);
  });

  it("is limited by what is expected", () => {
    expect(choosePollDelayMs(10_000, { ...unchanged, hasPendingClip: true })).to.equal(5000);
    expect(choosePollDelayMs(25_000, { ...unchanged, isWatched: false })).to.equal(30_000);
  });
});

describe("the range of a clip by hand", () => {
  const archive = { from: "2026-11-30T12:00:00.400Z", to: "2026-11-30T12:10:20.250Z" };
  const toMs = ({ from, to }: { readonly from: string; readonly to: string }) => [
    Date.parse(from),
    Date.parse(to),
  ];

  it("is offered in whole seconds that contain the end of the archive", () => {
    expect(toMs(offerRange(archive))).to.deep.equal([
      Date.parse("2026-11-30T12:09:50Z"),
      Date.parse("2026-11-30T12:10:21Z"),
    ]);
    const short = { from: "2026-11-30T12:10:10.900Z", to: archive.to };
    expect(toMs(offerRange(short))[0]).to.equal(Date.parse("2026-11-30T12:10:10Z"));
    expect(toMs(toLimits(archive))).to.deep.equal([
      Date.parse("2026-11-30T12:00:00Z"),
      Date.parse("2026-11-30T12:10:21Z"),
    ]);
  });

  it("is requested to the ends of the archive where seconds are rounded beyond them, else as it was chosen", () => {
    expect(toRequestRange(toLimits(archive), archive)).to.deep.equal(archive);
    const chosen = { from: "2026-11-30T12:01:00.000Z", to: "2026-11-30T12:01:05.000Z" };
    expect(toRequestRange(chosen, archive)).to.deep.equal(chosen);
    const beyond = { from: "2026-11-30T11:59:59.000Z", to: "2026-11-30T12:10:30.000Z" };
    expect(toRequestRange(beyond, archive)).to.deep.equal(beyond);
  });

  it("has a time zone", () => {
    expect(formatTimeZone("2026-11-30T12:00:00Z")).to.match(/^(?:UTC|[\w/+-]+ \(GMT.*\))$/);
  });
});
