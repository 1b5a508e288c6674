import { expect } from "chai";
import { buildClipKey, buildClipName } from "../../../pipeline/highlights/clip-name.ts";

const startTime = Date.parse("2026-11-30T05:22:11.960Z") / 1000;
const clip = {
  clipId: "00000000-0000000000000001-10-Person",
  label: "Person",
  startTime,
  endTime: startTime + 12.4,
  cut: "frame",
} as const;
const range = { clipId: "range-1-2", startTime, endTime: startTime + 12.4, cut: "frame" } as const;

describe("the names of clips", () => {
  it("say when the clip begins and what it shows, or how long it is", () => {
    expect(buildClipName(clip)).to.match(/^20261130T052211Z-Person-[0-9a-f]{6}$/);
    expect(buildClipName(range)).to.match(/^20261130T052211Z-12s-[0-9a-f]{6}$/);
    expect(buildClipName({ ...range, endTime: startTime + 0.04 })).to.match(/Z-1s-/);
  });

  it("are the same for the same clip, and differ within a second, for other edges, cuts and labels that look alike", () => {
    const clips = [
      clip,
      { ...clip, startTime: startTime + 0.04 },
      { ...clip, endTime: clip.endTime + 0.04 },
      { ...clip, cut: "keyframe" as const },
      { ...clip, clipId: "00000000-0000000000000001-10-person", label: "person" },
      { ...clip, clipId: "00000000-0000000000000001-10-Person!", label: "Person!" },
    ];
    const names = clips.map((one) => buildClipName(one).toLowerCase());

    expect(new Set(names).size).to.equal(clips.length);
    expect(clips.map((one) => buildClipName({ ...one }).toLowerCase())).to.deep.equal(names);
  });

  it("are safe in file names, whatever the label", () => {
    const name = (label: string) => buildClipName({ ...clip, label }).slice("20261130T052211Z-".length, -7);

    expect(name("Coffee Cup")).to.equal("Coffee-Cup");
    expect(name("../Café\\ñ:*?\u0000.mp4 ")).to.equal("Cafe-n-mp4");
    expect(name("日本")).to.equal("12s");
    expect(name(`x${"y".repeat(300)}`)).to.have.length(40);
    expect(name(`${"y".repeat(39)} z`)).to.equal("y".repeat(39));
  });

  it("leave the key of a clip, and with it the id of its job, as they are", () => {
    expect(buildClipKey({ ...clip, startTime: 1004.4, endTime: 1007.2 })).to.equal(
      "00000000-0000000000000001-10-Person-1004400-1007200",
    );
    expect(buildClipKey({ ...range, startTime: 1004.4, endTime: 1007.2, cut: "keyframe" })).to.equal(
      "range-1-2-1004400-1007200-keyframe",
    );
  });
});
