import { expect } from "chai";
import { demuxersFor, pictureDemuxers } from "../../../pipeline/media/demuxers.ts";
import { inputArguments, longestSeconds, probeArguments } from "../../../pipeline/media/input-arguments.ts";
import { parseCapabilities } from "../../../pipeline/media/parse-capabilities.ts";

const limits = { maxSourceMinutes: 2, maxVideoPixels: 100, maxImagePixels: 200 };

describe("what precedes an input", () => {
  const optionIn = (args: readonly string[], option: string) =>
    args.includes(option) ? args[args.indexOf(option) + 1] : undefined;

  it("bounds demuxers, protocols, pixels and reads", () => {
    const args = inputArguments(["mov", "webm"], 100);

    expect(
      ["-protocol_whitelist", "-format_whitelist", "-max_pixels"].map((option) => optionIn(args, option)),
    ).to.deep.equal(["http,tcp", "mov,webm", "100"]);
    expect(Number(optionIn(args, "-rw_timeout"))).to.be.greaterThan(0);
  });

  it("seeks, stops and skips where it is told to", () => {
    const options = { seekSeconds: 1.23456, durationSeconds: longestSeconds(limits), keyframesOnly: true };
    const args = inputArguments(["mov"], 100, options);

    expect(["-skip_frame", "-ss", "-t"].map((option) => optionIn(args, option))).to.deep.equal([
      "nokey",
      "1.235",
      "121.000",
    ]);
    expect(inputArguments(["mov"], 100, { seekSeconds: 0 })).not.to.include("-ss");
  });

  it("lets ffprobe see as many pixels as any recipe may", () => {
    expect(optionIn(probeArguments(["mov"], limits, "/scratch/a.mp4"), "-max_pixels")).to.equal("200");
  });
});

describe("the demuxers", () => {
  it("are none that read another file, or a list of such", () => {
    const all = new Set([...demuxersFor("transcode"), ...demuxersFor("image"), ...pictureDemuxers]);

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

  it("are those of pictures for pictures, of containers for all else", () => {
    expect(demuxersFor("image")).to.include("png_pipe").and.not.include("mov");
    expect(demuxersFor("ladder")).to.include("mxf").and.not.include("png_pipe");
  });
});

describe("the lists of a build", () => {
  const texts = {
    version: "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026",
    encoders: " V..... = Video\n V....D libx264              H.264\n A....D aac                  AAC\n",
    muxers:
      " D. = Demuxing supported\n .E = Muxing supported\n DE matroska        Matroska\n  E mp4             MP4\n D  mov,mp4,m4a     QuickTime\n",
    filters:
      " T.. = Timeline support\n T.C overlay           VV->V      Overlay\n ... anull             A->A       Nothing\n",
  };

  it("name what it has", () => {
    const { version, encoders, muxers, filters, statsPeriod } = parseCapabilities(texts);

    expect({ version, statsPeriod }).to.deep.equal({ version: "5.1.9-0+deb12u1", statsPeriod: true });
    expect([encoders, muxers, filters].map((names) => [...names])).to.deep.equal([
      ["libx264", "aac"],
      ["matroska", "mp4"],
      ["overlay", "anull"],
    ]);
  });

  for (const [version, has] of [
    ["4.4.1", true],
    ["4.3", false],
    ["7.0", true],
    ["N-47683-g0e8eb07980-static", false],
  ] as const)
    it(`say whether ${version} takes -stats_period: ${has}`, () => {
      const found = parseCapabilities({ ...texts, version: `ffmpeg version ${version} Copyright` });

      expect({ version: found.version, statsPeriod: found.statsPeriod }).to.deep.equal({
        version,
        statsPeriod: has,
      });
    });

  it("may say nothing", () => {
    expect(parseCapabilities({ ...texts, version: "" }).version).to.equal("unknown");
  });
});
