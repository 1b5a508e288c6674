import { expect } from "chai";
import type { ChannelStatus } from "../../../pipeline/highlights/appearance-store.ts";
import { describeChannelStatus } from "../../../pipeline/highlights/shown-status.ts";

const at = (iso: string): Date => new Date(iso);
const polledAt = (iso: string, changes: Partial<ChannelStatus> = {}): ChannelStatus => ({
  name: "watching",
  message: "",
  lastPolledAt: Date.parse(iso) / 1000,
  ...changes,
});

describe("describeChannelStatus", () => {
  const settings = { intervalMinutes: 1 };

  it("says what the watcher has said, while it runs", () => {
    const status = polledAt("2026-11-30T12:00:00Z", { name: "stalled", message: "No segment." });
    expect(
      describeChannelStatus(settings, { paused: false, status }, at("2026-11-30T12:04:00Z")),
    ).to.deep.equal({ name: "stalled", message: "No segment." });
    expect(describeChannelStatus(settings, { paused: false }, at("2026-11-30T12:04:00Z"))).to.deep.equal({
      name: "pending",
      message: null,
    });
  });

  it("says that the watcher is silent, with the error that it said last", () => {
    const status = polledAt("2026-11-30T12:00:00Z", { name: "error", message: "Status 403." });
    const { name, message } = describeChannelStatus(
      settings,
      { paused: false, status },
      at("2026-11-30T12:04:01Z"),
    );
    expect(name).to.equal("overdue");
    expect(message).to.include("since 2026-11-30T12:00:00.000Z").and.to.include("Status 403.");
    const rarely = { intervalMinutes: 60 };
    expect(
      describeChannelStatus(rarely, { paused: false, status }, at("2026-11-30T13:02:59Z")).name,
    ).to.equal("error");
  });

  it("expects no run outside of the active hours, just after they begin, and while paused", () => {
    const hours = { intervalMinutes: 1, activeHours: { from: 8, to: 18, timeZone: "UTC" } };
    const status = polledAt("2026-11-29T17:59:58Z");
    const describe = (iso: string) => describeChannelStatus(hours, { paused: false, status }, at(iso));
    expect(describe("2026-11-30T07:59:00Z")).to.deep.equal({
      name: "inactive",
      message: "The channel is watched from 8:00 to 18:00 (UTC).",
    });
    expect(describe("2026-11-30T08:01:00Z").name).to.equal("watching");
    expect(describe("2026-11-30T08:05:00Z").name).to.equal("overdue");
    expect(describeChannelStatus(hours, { paused: true, status }, at("2026-11-30T12:00:00Z")).name).to.equal(
      "watching",
    );
  });

  it("says that clips cannot be requested, beside what else is wrong", () => {
    const clipProblem = "The key is wrong.";
    const describeStatus = (changes: Partial<ChannelStatus>) =>
      describeChannelStatus(
        settings,
        { paused: false, status: polledAt("2026-11-30T12:00:00Z", changes), clipProblem },
        at("2026-11-30T12:00:30Z"),
      );
    const problem = "Clips cannot be requested now, and are requested again: The key is wrong.";

    expect(describeStatus({})).to.deep.equal({ name: "error", message: problem });
    expect(describeStatus({ name: "capped", message: "The cap is reached." })).to.deep.equal({
      name: "capped",
      message: `The cap is reached. ${problem}`,
    });
  });
});
