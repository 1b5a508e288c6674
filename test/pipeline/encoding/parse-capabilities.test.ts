import { expect } from "chai";
import { parseCapabilities, parseComponents } from "../../../pipeline/encoding/parse-capabilities.ts";

describe("the components of an ffmpeg build", () => {
  it("are the names in its lists", () => {
    expect([
      ...parseComponents(
        "encoders",
        " V..... = Video\n V....D libx264              H.264\n A....D aac                  AAC\n",
      ),
    ]).to.deep.equal(["libx264", "aac"]);
    expect([
      ...parseComponents(
        "filters",
        " T.. = Timeline support\n T.C overlay           VV->V      Overlay\n ... anull             A->A       Nothing\n",
      ),
    ]).to.deep.equal(["overlay", "anull"]);
  });

  it("are of one direction in the lists of formats", () => {
    const formats =
      " D. = Demuxing supported\n .E = Muxing supported\n --\n DE matroska,webm   Matroska\n  E mp4             MP4\n D  mov,mp4,m4a     QuickTime\n D d x11grab  X11\n";

    expect([...parseComponents("muxers", formats)]).to.deep.equal(["matroska", "webm", "mp4"]);
    expect([...parseComponents("demuxers", formats)]).to.deep.equal([
      ...["matroska", "webm", "mov", "mp4", "m4a", "x11grab"],
    ]);
  });
});

describe("capabilities of a build", () => {
  for (const [version, has] of [
    ["5.1.9-0+deb12u1", false],
    ["6.0", true],
    ["n7.1", true],
    ["N-118193-g5f38c82536-20241230", true],
    ["N-47683-g0e8eb07980-static", false],
  ] as const)
    it(`report whether ${version} measures times from the tracks that are read: ${has}`, () => {
      expect(
        parseCapabilities(`ffmpeg version ${version} Copyright`, new Set()).hasOriginOfReadTracks,
      ).to.equal(has);
    });

  for (const [version, has] of [
    ["4.4.1", false],
    ["5.1.9-0+deb12u1", true],
    ["n7.1", true],
    ["N-47683-g0e8eb07980-static", false],
  ] as const)
    it(`report the exact mode for HLG of ${version}: ${has}`, () => {
      const capabilities = parseCapabilities(`ffmpeg version ${version} Copyright`, new Set());

      expect([capabilities.version, capabilities.hasLuminanceOotf]).to.deep.equal([version, has]);
    });

  it("may be unknown", () => {
    expect(parseCapabilities("", new Set()).version).to.equal("unknown");
  });
});
