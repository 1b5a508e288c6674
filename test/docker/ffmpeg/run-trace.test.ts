import { expect } from "chai";
import {
  createGrowthDetector,
  isPacketLine,
  isTraceLine,
} from "../../../docker/ffmpeg/programs/run-trace.ts";

describe("the trace of ffmpeg", () => {
  for (const [line, trace, packet] of [
    ["[info] demuxer -> ist_index:0 type:video next_dts:NOPTS", true, true],
    ["[info] demuxer+ffmpeg -> ist_index:0 type:video pkt_pts:0", true, false],
    ["[info] decoder -> ist_index:0 type:video frame_pts:0", true, false],
    ["[info] filter -> pts:1 pts_time:0.04 exact:1.000000 time_base:1/25", true, false],
    ["[info] encoder <- type:video frame_pts:0", true, false],
    ["[info] muxer <- type:video pkt_pts:0 pkt_pts_time:0", true, true],
    ["[error] Error while decoding stream #0:0", false, false],
    ["[info]   title           : demuxer -> nothing", false, false],
  ] as const)
    it(`is ${trace ? "" : "not "}counted as progress: ${line.slice(0, 30)}`, () => {
      expect([isTraceLine(line), isPacketLine(line)]).to.deep.equal([trace, packet]);
    });

  it("distinguishes a growing output from a repeated -progress block", () => {
    const hasGrown = createGrowthDetector();
    const block = ["frame=0", "out_time=00:00:01.000000", "total_size=N/A", "drop_frames=7"];
    expect(block.map(hasGrown)).to.deep.equal([true, true, true, false]);
    expect(["frame=0", "total_size=N/A", "drop_frames=900", "speed=2x"].map(hasGrown)).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
    expect(["frame=1", "out_time=00:00:01.000000", "total_size=48"].map(hasGrown)).to.deep.equal([
      true,
      false,
      true,
    ]);
  });
});
