import { expect } from "chai";
import { hasKnownMatrix, resolveSourceColor } from "../../../pipeline/media/color.ts";
import type { VideoProbe } from "../../../pipeline/media/probe.ts";
import { buildVideoProbe } from "../recipes/plan-context.ts";

const resolve = (more: Partial<VideoProbe>) => resolveSourceColor(buildVideoProbe(more));
const sized = (codedWidth: number, codedHeight: number, more: Partial<VideoProbe> = {}) =>
  resolve({ codedWidth, codedHeight, ...more });

describe("the color of a source", () => {
  it("follows plausible tags", () => {
    expect(resolve({ color: { matrix: "smpte170m", primaries: "smpte170m", range: "tv" } })).to.deep.equal({
      matrix: "bt601",
      range: "tv",
      primaries: "smpte170m",
      kind: "sdr",
    });
    expect(sized(640, 360, { color: { matrix: "bt709" } }).matrix).to.equal("bt709");
    expect(
      resolve({ color: { matrix: "bt2020nc", primaries: "bt2020", transfer: "bt2020-10" } }),
    ).to.deep.equal({
      matrix: "bt2020",
      range: "tv",
      primaries: "bt2020",
      kind: "wide-gamut",
    });
    expect(resolve({ color: { matrix: "bt709", primaries: "smpte432" } }).kind).to.equal("wide-gamut");
  });

  it("is by size without tags: BT.709 from 720 lines or 1280 columns, in either orientation", () => {
    const matrices = (sizes: readonly (readonly [number, number])[]) =>
      sizes.map(([width, height]) => sized(width, height).matrix);

    expect(
      matrices([
        [1280, 720],
        [960, 720],
        [720, 1280],
        [1280, 536],
        [1080, 1080],
      ]),
    ).to.deep.equal(Array.from({ length: 5 }, () => "bt709"));
    expect(
      matrices([
        [720, 576],
        [854, 480],
        [480, 854],
        [576, 1024],
      ]),
    ).to.deep.equal(Array.from({ length: 4 }, () => "bt601"));
  });

  it("is BT.601 at every size for JPEG, WebP and VP8", () => {
    for (const codec of ["mjpeg", "webp", "vp8"]) expect(resolve({ codec }).matrix).to.equal("bt601");
  });

  it("has the primaries of 625 or 525 lines in untagged standard definition", () => {
    expect([sized(720, 576).primaries, sized(720, 480).primaries, sized(1280, 720).primaries]).to.deep.equal([
      ...["bt470bg", "smpte170m", "bt709"],
    ]);
  });

  it("is RGB for RGB pixel formats, whatever the tags", () => {
    for (const pixelFormat of ["gbrp", "rgb24", "bgr0", "pal8", "gbrp10le"])
      expect(resolve({ pixelFormat, color: { matrix: "bt709", range: "tv" } })).to.deep.equal({
        matrix: "rgb",
        range: "pc",
        primaries: "bt709",
        kind: "sdr",
      });
  });

  it("ignores a matrix that the samples cannot have", () => {
    const tagged = (matrix: string, more: Partial<VideoProbe> = {}) =>
      resolve({ color: { matrix }, ...more });

    expect([tagged("gbr"), tagged("ictcp"), tagged("reserved")].map(({ matrix }) => matrix)).to.deep.equal([
      ...["bt709", "bt709", "bt709"],
    ]);
    expect(tagged("ictcp", { pixelFormat: "yuv420p10le" }).matrix).to.equal("bt709");
    const color = { matrix: "ictcp", transfer: "smpte2084" };
    expect(resolve({ color, pixelFormat: "yuv420p10le" }).matrix).to.equal("ictcp");
    expect(hasKnownMatrix(buildVideoProbe({ color: { matrix: "gbr" } }))).to.equal(false);
    expect(hasKnownMatrix(buildVideoProbe({ color: { matrix: "bt709" } }))).to.equal(true);
  });

  it("has full range by tag, by pixel format and for RGB", () => {
    expect(resolve({ pixelFormat: "yuvj420p" }).range).to.equal("pc");
    expect(resolve({ pixelFormat: "yuv420p10le", color: { range: "pc" } }).range).to.equal("pc");
    expect(resolve({}).range).to.equal("tv");
  });

  it("is HDR by its transfer, with BT.2020 where nothing else is tagged", () => {
    const hdr = (transfer: string) => resolve({ pixelFormat: "yuv420p10le", color: { transfer } });

    expect(hdr("smpte2084")).to.deep.equal({
      matrix: "bt2020",
      range: "tv",
      primaries: "bt2020",
      kind: "pq",
    });
    expect(hdr("arib-std-b67").kind).to.equal("hlg");
  });

  it("is that of the base layer for untagged Dolby Vision", () => {
    const kinds = [1, 2, 4, 6].map(
      (compatibilityId) => resolve({ dolbyVision: { profile: 8, compatibilityId } }).kind,
    );
    expect(kinds).to.deep.equal(["pq", "sdr", "hlg", "pq"]);
  });
});
