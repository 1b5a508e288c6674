import { expect } from "chai";
import {
  buildColorScaleFilters,
  buildOutputScaleFilters,
  buildVideoFilters,
} from "../../../pipeline/encoding/color-filters.ts";
import {
  buildColorTagArguments,
  buildColorTagFilters,
  type FrameColor,
  gifFrames,
  jpegFrames,
  pngFrames,
  resolveVideoColor,
} from "../../../pipeline/encoding/output-color.ts";
import { resolveSourceColor, type SourceColor } from "../../../pipeline/media/color.ts";
import { buildVideoProbe } from "../recipes/plan-context.ts";

const size = { width: 64, height: 36 };
const exact = "flags=bicubic+accurate_rnd+full_chroma_int";
const capabilities = { hasLuminanceOotf: true };
const sd = { codedWidth: 640, codedHeight: 360 };
const bt601: SourceColor = { matrix: "bt601", range: "tv", primaries: "smpte170m", kind: "sdr" };
const bt709: SourceColor = { matrix: "bt709", range: "tv", primaries: "bt709", kind: "sdr" };
const pq: SourceColor = { matrix: "bt2020", range: "tv", primaries: "bt2020", kind: "pq" };
const hlg: SourceColor = { ...pq, kind: "hlg" };
const video: FrameColor = { pixelFormat: "yuv420p", matrix: "bt709" };
const build = (source: SourceColor, target: FrameColor) =>
  buildColorScaleFilters(size, source, target, capabilities);

describe("color filters", () => {
  it("keep the matrix of a video and always name it", () => {
    expect(build(bt709, video)).to.deep.equal([
      "scale=64:36:flags=bicubic:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt709:out_range=tv",
      "format=yuv420p",
    ]);
    expect(
      buildVideoFilters(buildVideoProbe({ ...sd, codec: "vp9" }), size, "video", capabilities).slice(2),
    ).to.deep.equal([
      "scale=64:36:flags=bicubic:in_color_matrix=bt601:in_range=tv:out_color_matrix=bt601:out_range=tv",
      "format=yuv420p",
      "setparams=range=tv:color_primaries=smpte170m:color_trc=smpte170m:colorspace=smpte170m",
      "setsar=1",
    ]);
  });

  it("convert RGB and other matrices exactly", () => {
    expect(build({ ...bt709, matrix: "rgb", range: "pc" }, video)[0]).to.equal(
      `scale=64:36:${exact}:in_color_matrix=bt709:in_range=pc:out_color_matrix=bt709:out_range=tv`,
    );
    expect(build(bt709, { ...video, matrix: "bt601" })[0]).to.equal(
      `scale=64:36:${exact}:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=tv`,
    );
  });

  it("convert to full-range BT.601 for JPEG, by way of RGB", () => {
    expect(build(bt709, jpegFrames)).to.deep.equal([
      `scale=64:36:${exact}:in_color_matrix=bt709:in_range=tv:out_color_matrix=bt709:out_range=pc`,
      "format=rgb24",
      `scale=${exact}:in_color_matrix=bt709:in_range=pc:out_color_matrix=bt601:out_range=pc`,
      "format=yuvj420p",
    ]);
    expect(buildOutputScaleFilters(size, { matrix: "bt601", primaries: "bt709" }, "jpeg")[0]).to.include(
      "in_color_matrix=bt601:in_range=tv",
    );
  });

  it("tag a PNG as sRGB", () => {
    expect(build(bt601, pngFrames).slice(1)).to.deep.equal([
      "format=rgb24",
      "setparams=range=pc:color_primaries=bt709:color_trc=iec61966-2-1:colorspace=gbr",
    ]);
    expect(build(bt601, gifFrames).slice(1)).to.deep.equal(["format=bgra"]);
  });

  it("scale HDR before they tone-map it", () => {
    const [scale, format, toLinear, float, toneMap, toVideo, ...rest] = build(pq, video);

    expect([scale?.split(":flags")[0], format, float]).to.deep.equal([
      ...["scale=64:36", "format=yuv420p10le", "format=gbrpf32le"],
    ]);
    expect(toLinear).to.equal("zscale=min=2020_ncl:rin=tv:pin=2020:tin=smpte2084:p=709:t=linear:npl=203");
    expect(toneMap).to.equal("tonemap=mobius:param=0.5:desat=0:peak=49.261");
    expect(toVideo).to.equal("zscale=pin=709:tin=linear:p=709:t=709:m=709:r=tv,format=yuv420p");
    expect(rest).to.deep.equal([]);
  });

  it("apply HLG's system gamma to luminance where the build can", () => {
    const getLinear = (hasLuminanceOotf: boolean) =>
      buildColorScaleFilters(size, hlg, video, { hasLuminanceOotf })[2];

    expect(getLinear(true)).to.match(/tin=arib-std-b67:.*:agamma=0$/);
    expect(getLinear(false)).to.not.include("agamma");
  });

  it("end in RGB for images of HDR, which may have odd sizes", () => {
    expect(build(pq, pngFrames)).to.include("format=yuv444p10le").and.to.include("format=rgb24");
    expect(build(hlg, jpegFrames).at(-1)).to.equal("format=yuvj420p");
  });
});

describe("the color of a video output", () => {
  it("is the source's BT.601 or BT.709", () => {
    expect(resolveVideoColor(bt601)).to.deep.equal({ matrix: "bt601", primaries: "smpte170m" });
    expect(resolveVideoColor({ ...bt601, primaries: "bt470bg", range: "pc" })).to.deep.equal({
      matrix: "bt601",
      primaries: "bt470bg",
    });
    expect(resolveVideoColor(bt709)).to.deep.equal({ matrix: "bt709", primaries: "bt709" });
  });

  it("is BT.709 for everything else, unless the codec has only BT.601", () => {
    const rgb = resolveSourceColor(buildVideoProbe({ ...sd, pixelFormat: "gbrp" }));
    for (const source of [rgb, pq, hlg, { ...bt601, primaries: "bt2020", kind: "wide-gamut" } as const])
      expect(resolveVideoColor(source)).to.deep.equal({ matrix: "bt709", primaries: "bt709" });
    expect(resolveVideoColor(pq, "bt601")).to.deep.equal({ matrix: "bt601", primaries: "bt709" });
  });

  it("is written as tags, by the encoder and of the frames", () => {
    const color = { matrix: "bt601", primaries: "bt470bg" } as const;

    expect(buildColorTagArguments(color).join(" ")).to.equal(
      "-colorspace smpte170m -color_primaries bt470bg -color_trc smpte170m -color_range tv",
    );
    expect(buildColorTagFilters(color)).to.deep.equal([
      "setparams=range=tv:color_primaries=bt470bg:color_trc=smpte170m:colorspace=smpte170m",
    ]);
  });
});
