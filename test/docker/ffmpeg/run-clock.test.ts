import { expect } from "chai";
import { advanceClock, type ClockTick } from "../../../docker/ffmpeg/programs/run-clock.ts";

const tick: ClockTick = { elapsedMs: 1000, periodMs: 1000, isWaiting: false, hasProgressed: false };
const clock = { workedMs: 10_000, idleMs: 5000 };

describe("the clock of a run", () => {
  for (const [title, change, expected] of [
    ["counts work and silence", {}, { workedMs: 11_000, idleMs: 6000 }],
    ["forgets a silence that has ended", { hasProgressed: true }, { workedMs: 11_000, idleMs: 0 }],
    ["does not count a wait for the store", { isWaiting: true }, clock],
    [
      "forgets a silence that ended in a wait",
      { isWaiting: true, hasProgressed: true },
      { ...clock, idleMs: 0 },
    ],
    [
      "counts two periods of an hour in which the machine slept",
      { elapsedMs: 3_600_000 },
      { workedMs: 12_000, idleMs: 7000 },
    ],
  ] as const)
    it(title, () => {
      expect(advanceClock(clock, { ...tick, ...change })).to.deep.equal(expected);
    });
});
