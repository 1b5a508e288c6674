import { expect } from "chai";
import { createRecordingTime } from "../../../pipeline/highlights/recording-time.ts";

const segment = (id: string, timeline: number, startTime: number, durationSeconds: number) => ({
  id,
  timeline,
  startTime,
  durationSeconds,
});

describe("the time of a recording", () => {
  it("follows the clock within a timeline, and joins timelines whose clock jumps", () => {
    const time = createRecordingTime();
    time.add(segment("a", 1, 1000, 2));
    time.add(segment("b", 1, 1002.04, 2));
    time.add(segment("c", 2, 5000, 3));
    time.add(segment("c", 2, 5000, 3));
    time.add(segment("d", 3, 1001, 1));

    expect(time.durationSeconds).to.be.closeTo(8.04, 1e-9);
    expect(time.locateFrame({ segmentId: "a", time: 1000.5 })).to.be.closeTo(0.5, 1e-9);
    expect(time.locateFrame({ segmentId: "c", time: 5003 })).to.be.closeTo(7.04, 1e-9);
    expect(time.locateFrame({ segmentId: "d", time: 1001.25 })).to.be.closeTo(7.29, 1e-9);
    expect(() => time.locateFrame({ segmentId: "e", time: 0 })).to.throw(RangeError);
  });

  it("locates times in the newest segment that has begun", () => {
    const time = createRecordingTime();
    expect(time.locateTime(1000)).to.equal(0);
    time.add(segment("a", 1, 1000, 2));
    time.add(segment("b", 2, 3000, 2));

    expect(time.locateTime(1001.5)).to.be.closeTo(1.5, 1e-9);
    expect(time.locateTime(2999.9999)).to.be.closeTo(1.9999, 1e-9);
    expect(time.locateTime(3001)).to.be.closeTo(3, 1e-9);
    time.add(segment("c", 3, 1000.5, 2));
    expect(time.locateTime(1001.5)).to.be.closeTo(5, 1e-9);
  });
});
