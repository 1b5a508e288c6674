import { expect } from "chai";
import {
  buildInputArguments,
  buildProbeArguments,
  computeMaxSourceSeconds,
} from "../../../pipeline/encoding/input-arguments.ts";
import { containerDemuxers, watermarkDemuxers } from "../../../pipeline/media/demuxers.ts";

const limits = { maxSourceMinutes: 2, maxVideoPixels: 100, maxImagePixels: 200 };

describe("input arguments", () => {
  const getOption = (args: readonly string[], option: string) =>
    args.includes(option) ? args[args.indexOf(option) + 1] : undefined;

  it("limit demuxers, protocols, pixels and reads", () => {
    const args = buildInputArguments(["mov", "webm"], 100);

    expect(
      ["-protocol_whitelist", "-format_whitelist", "-max_pixels"].map((option) => getOption(args, option)),
    ).to.deep.equal(["http,tcp", "mov,webm", "100"]);
    expect(Number(getOption(args, "-rw_timeout"))).to.be.greaterThan(0);
  });

  it("limit what the sockets buffer of a URL, which files have none of", () => {
    const probe = (input: string) => buildProbeArguments(["mov"], limits, input);

    for (const args of [buildInputArguments(["mov"], 100), probe("http://127.0.0.1:1/a")])
      expect(["-recv_buffer_size", "-tcp_mss"].map((option) => getOption(args, option))).to.deep.equal([
        "65536",
        "1460",
      ]);
    expect(probe("/scratch/a.mp4")).not.to.include("-tcp_mss");
  });

  it("seek, stop and skip as requested", () => {
    const options = {
      seek: { inputArguments: ["-ss", "1.235"] },
      durationSeconds: computeMaxSourceSeconds(limits),
      hasOnlyKeyframes: true,
    };
    const args = buildInputArguments(["mov"], 100, options);

    expect(["-skip_frame", "-ss", "-t"].map((option) => getOption(args, option))).to.deep.equal([
      "nokey",
      "1.235",
      "121.000",
    ]);
    expect(buildInputArguments(["mov"], 100)).not.to.include("-ss");
  });

  it("let ffprobe decode as many pixels as any recipe", () => {
    expect(getOption(buildProbeArguments(["mov"], limits, "/scratch/a.mp4"), "-max_pixels")).to.equal("200");
  });
});

describe("demuxer lists", () => {
  it("contain no demuxer that reads other files or lists of files", () => {
    const all = new Set([...containerDemuxers, ...watermarkDemuxers]);

    for (const name of [
      "hls",
      "dash",
      "concat",
      "applehttp",
      "imf",
      "sdp",
      "rtsp",
      "lavfi",
      "tty",
      "image2pipe",
    ])
      expect(all).not.to.include(name);
  });

  it("contain image demuxers for watermarks and container demuxers for the rest", () => {
    expect(watermarkDemuxers).to.include("png_pipe").and.not.include("mov");
    expect(containerDemuxers).to.include("mxf").and.not.include("png_pipe");
  });
});
