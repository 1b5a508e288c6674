import { expect } from "chai";
import {
  findMissingComponent,
  isInputTruncated,
  isOutputEmpty,
  parseFrameTimes,
} from "../../../pipeline/encoding/ffmpeg-log.ts";

describe("ffmpeg's log", () => {
  it("shows whether no frame was written", () => {
    expect(
      isOutputEmpty(
        "[warning] Output file is empty, nothing was encoded (check -ss / -t parameters if used)",
      ),
    ).to.equal(true);
    expect(isOutputEmpty("[info] frame=    1 fps=0.0 q=-0.0 Lsize=N/A")).to.equal(false);
  });

  it("shows whether a demuxer found its input truncated, in the words of any version", () => {
    for (const line of [
      "[matroska,webm @ 0xa5f2c80] [error] Read error",
      "[matroska,webm @ 0x55fd87234940] [error] File ended prematurely",
      "[mov,mp4,m4a,3gp,3g2,mj2 @ 0x5581] [error] stream 0, offset 0x2f70d: partial file",
    ])
      expect(isInputTruncated(`[info] Input #0\n${line}\n`), line).to.equal(true);
    expect(isInputTruncated("[info]     title           : [a @ 0x1] [error] Read error")).to.equal(false);
  });

  it("has the times of frames, also negative ones", () => {
    const log =
      "[info] n:   0 pts:  -4 pts_time:-0.16 pos: 48\n[info] n:   1 pts:  12 pts_time:0.48    pos: 99";

    expect(parseFrameTimes(log)).to.deep.equal([-0.16, 0.48]);
    expect(parseFrameTimes("[info] Stream #0:0")).to.deep.equal([]);
  });

  it("names what a build is without, in the words of any version", () => {
    for (const [line, kind, name] of [
      ["[AVFilterGraph @ 0x432b21c0] [error] No such filter: 'zscale'", "filter", "zscale"],
      ["[fatal] Unknown encoder 'libx265'", "encoder", "libx265"],
      ["[vost#0:0 @ 0x5581] [fatal] Unknown encoder 'libx265'", "encoder", "libx265"],
      [
        "[NULL @ 0x40f0] [error] Requested output format 'mxf' is not a suitable output format",
        "output format",
        "mxf",
      ],
      ["[out#0 @ 0x40f0] [error] Requested output format 'mxf' is not known.", "output format", "mxf"],
      ["[error] Unrecognized option 'stats_period'.", "option", "stats_period"],
      ["[Parsed_zscale_0 @ 0xbe2a] [error] Option 'agamma' not found", "option", "agamma"],
      [
        "[AVFilterGraph @ 0xbe2a] [error] Error applying option 'agamma' to filter 'zscale': Option not found",
        "option",
        "agamma",
      ],
    ])
      expect(findMissingComponent(`[info] Input #0\n${line}\n[fatal] Invalid argument`), line).to.deep.equal({
        kind,
        name,
      });
  });

  it("does not name a component that only metadata of the source mentions", () => {
    for (const line of [
      "[info]     title           : [error] No such filter: 'scale'",
      "[info]     title           : [x @ 0x1] [fatal] Unknown encoder 'aac'",
      "[error] movie.mov: Invalid data found when processing input",
    ])
      expect(findMissingComponent(line), line).to.equal(undefined);
  });
});
