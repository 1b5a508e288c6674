import { expect } from "chai";
import { buildAudioFilters, buildAudioMapArguments } from "../../../pipeline/encoding/audio-filters.ts";
import { audioOf } from "../recipes/plan-context.ts";

const stereo = audioOf({ index: 3, channelLayout: "stereo" });
const [left, right] = [1, 2].map((index) => audioOf({ index, channels: 1 }));

describe("the filters of an output's audio", () => {
  it("keep it in sync and mix it to stereo, without a limiter", () => {
    expect(buildAudioFilters([stereo])).to.match(
      /^aresample=48000:async=1:min_hard_comp=0.02,aformat=sample_fmts=fltp,pan=stereo\|c0=FL\+[^,]+$/,
    );
  });

  it("limit the peaks to a ceiling: the one for encoders, or of a measured level", () => {
    const surround = audioOf({ channels: 6, channelLayout: "5.1" });

    expect(buildAudioFilters([surround])).not.to.include("alimiter");
    expect(buildAudioFilters([surround], { ceilingDbtp: -5.5 })).to.include("alimiter=limit=0.5309:");
    expect(buildAudioFilters([surround], { ceilingDbtp: -5.5, level: { gainDb: 2 } })).not.to.include(
      "alimiter",
    );
    expect(buildAudioFilters([stereo], { level: { gainDb: 2, ceilingDbtp: -6 } })).to.match(
      /,volume=2\.00dB,.*alimiter=limit=0\.5012:.*amerge,pan=stereo/,
    );
  });

  it("limit pairs of channels, each by a limiter of its own", () => {
    const surround = audioOf({ channels: 6, channelLayout: "5.1(side)" });
    const filters = buildAudioFilters([surround], { channels: 6, ceilingDbtp: -6 });

    expect(filters.match(/alimiter/g)).to.have.length(3);
    expect(filters).to.include("pan=5.1(side)|c0=c0|c1=c0|c2=c1|c3=c1|c4=c2|c5=c2");
    expect(buildAudioFilters([audioOf({ channels: 6 })], { channels: 6, ceilingDbtp: -6 })).to.include(
      "channel_layouts=6c",
    );
  });

  it("begin with silence if the track starts later than reading", () => {
    const late = { ...stereo, startSeconds: 1.5 };

    expect(buildAudioFilters([late])).to.include("aselect='lt(t,2.100)'");
    expect(buildAudioFilters([late], { seekSeconds: 1 })).to.include("aselect='lt(t,1.100)'");
    expect(buildAudioFilters([late], { seekSeconds: 2 })).to.match(/^atrim=start=0,aresample/);
    expect(buildAudioFilters([{ ...stereo, startSeconds: 0.007 }])).to.match(/^aresample/);
  });

  it("shift it with a video that its frame rate shifts", () => {
    expect(buildAudioFilters([stereo], { shiftSeconds: -0.012 })).to.match(
      /^asetpts=PTS\+-0\.0120\/TB,atrim=start=0,aresample/,
    );
    expect(buildAudioFilters([stereo], { shiftSeconds: 0.012 })).to.include("aselect='lt(t,0.612)'");
    expect(buildAudioFilters([stereo], { shiftSeconds: 0.004 })).to.match(/^aresample/);
  });

  it("keep channels and sample rate of the source", () => {
    const surround = audioOf({ channels: 6, sampleRate: 44_100 });
    const options = { channels: 6, sampleRate: "source" } as const;

    expect(buildAudioFilters([surround], options)).to.equal("aresample=async=1:min_hard_comp=0.02");
    expect(buildAudioFilters([surround], { ...options, ceilingDbtp: -6 })).to.match(/^aresample=44100:async/);
  });

  it("join a pair in a graph of its own", () => {
    if (left === undefined || right === undefined) throw new Error("no tracks");
    const [option, graph, map, label] = buildAudioMapArguments([left, right], {}, "audio4");

    expect([option, map, label]).to.deep.equal(["-filter_complex", "-map", "[audio4]"]);
    expect(graph).to.match(
      /^\[0:1\].*\[audio40m\];\[0:2\].*\[audio41m\];\[audio40m\]\[audio41m\]join=.*pan=stereo.*\[audio4\]$/,
    );
    expect(buildAudioMapArguments([stereo]).slice(0, 3)).to.deep.equal(["-map", "0:3", "-filter:a"]);
  });
});
