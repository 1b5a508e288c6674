import { expect } from "chai";
import { TrackTimeline } from "../../../pipeline/media/track-timeline.ts";

const measure = (...lines: readonly string[]): TrackTimeline => {
  const timeline = new TrackTimeline();
  timeline.addText(`${lines.join("\n")}\n`);
  return timeline;
};

describe("a track's timeline", () => {
  it("lasts from its first packet to the end of its last, for each track", () => {
    const timeline = measure("0,5.0,0.5", "1,5.0,1.0", "0,5.5,0.5", "0,6.0,0.5");

    expect([timeline.getSeconds(0), timeline.getSeconds(1), timeline.getSeconds(2)]).to.deep.equal([
      ...[1.5, 1, undefined],
    ]);
  });

  it("includes gaps, and durations of packets without a timestamp", () => {
    expect(measure("0,0.0,0.5", "0,4.0,0.5").getSeconds(0)).to.equal(4.5);
    expect(measure("0,0.0,0.5", "0,N/A,0.5", "0,N/A,0.5", "0,1.5,0.5").getSeconds(0)).to.equal(2);
    expect(measure("0,0.0,N/A", "0,1.0,N/A").getSeconds(0)).to.equal(1);
  });

  it("continues over a clock that restarts or jumps", () => {
    expect(measure("0,90000.0,1.0", "0,90001.0,1.0", "0,0.0,1.0", "0,1.0,1.0").getSeconds(0)).to.equal(4);
    expect(measure("0,0.0,1.0", "0,50000.0,1.0").getSeconds(0)).to.equal(2);
  });

  it("reads lines in any pieces, with empty lines and side data", () => {
    const timeline = new TrackTimeline();
    for (const piece of ["0,0.", "0,0.5,\n", "\n\n0,0.5", ",0.5,\n", "x"]) timeline.addText(piece);

    expect(timeline.getSeconds(0)).to.equal(1);
  });
});
