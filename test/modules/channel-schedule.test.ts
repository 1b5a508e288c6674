import { expect } from "chai";
import { buildChannelSchedule } from "../../modules/channel-schedule.ts";

describe("the schedule of a channel", () => {
  it("runs all day, or at the active hours of a time zone", () => {
    expect(buildChannelSchedule({ intervalMinutes: 5 })).to.deep.equal({ expression: "rate(5 minutes)" });
    for (const [from, to, hours] of [
      [8, 20, "8-19"],
      [0, 23, "0-22"],
      [7, 8, "7"],
      [22, 24, "22-23"],
      [20, 4, "20-23,0-3"],
      [23, 1, "23,0"],
    ] as const)
      expect(
        buildChannelSchedule({ intervalMinutes: 1, activeHours: { from, to, timeZone: "Europe/Berlin" } }),
        `${from} to ${to}`,
      ).to.deep.equal({ expression: `cron(0/1 ${hours} * * ? *)`, timeZone: "Europe/Berlin" });
  });
});
