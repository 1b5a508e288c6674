import { expect } from "chai";
import { isOutputEmpty, parseFrameTimes } from "../../../pipeline/encoding/ffmpeg-log.ts";

describe("ffmpeg's log", () => {
  it("shows whether no frame was written", () => {
    expect(
      isOutputEmpty(
        "[warning] Output file is empty, nothing was encoded (check -ss / -t parameters if used)",
      ),
    ).to.equal(true);
    expect(isOutputEmpty("[info] frame=    1 fps=0.0 q=-0.0 Lsize=N/A")).to.equal(false);
  });

  it("has the times of frames, also negative ones", () => {
    const log =
      "[info] n:   0 pts:  -4 pts_time:-0.16 pos: 48\n[info] n:   1 pts:  12 pts_time:0.48    pos: 99";

    expect(parseFrameTimes(log)).to.deep.equal([-0.16, 0.48]);
    expect(parseFrameTimes("[info] Stream #0:0")).to.deep.equal([]);
  });
});
