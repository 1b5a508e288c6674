import { expect } from "chai";
import { buildFrameFilters, buildRotationFilters } from "../../../pipeline/encoding/frame-filters.ts";
import { buildVideoProbe } from "../recipes/plan-context.ts";

describe("the filters of frames", () => {
  it("leave it to the decoder which frames are interlaced, where a container may not know", () => {
    const filtersOf = (more: object) =>
      buildFrameFilters(buildVideoProbe({ pixelFormat: "yuv420p10le", ...more }));

    expect(filtersOf({ codec: "dvvideo", codedHeight: 576 })).to.deep.equal(["yadif=deint=interlaced"]);
    expect(filtersOf({ codec: "h264", codedHeight: 1088 })).to.deep.equal(["yadif=deint=interlaced"]);
    expect(filtersOf({ codec: "h264", codedHeight: 2160 })).to.deep.equal([]);
    expect(filtersOf({ codec: "h264", rotation: 90 })).to.deep.equal([]);
    expect(filtersOf({ codec: "h264", pixelFormat: "gbrp" })).to.deep.equal([]);
  });

  it("fit frames of another size into the first one's, in its pixels", () => {
    const filtersOf = (more: object) => buildFrameFilters(buildVideoProbe({ codec: "vp8", ...more }));

    expect(filtersOf({ codedWidth: 640, codedHeight: 360, width: 640, height: 360 })).to.deep.equal([
      "scale='if(eq(iw,640)*eq(ih,360),iw,trunc((min(640,360*dar/1.0000))/2)*2)':'if(eq(iw,640)*eq(ih,360),ih,trunc((min(360,640*1.0000/dar))/2)*2)'",
      "pad=640:360:(ow-iw)/2:(oh-ih)/2",
    ]);
    expect(
      filtersOf({ codedWidth: 720, codedHeight: 576, width: 576, height: 1024, rotation: 90 }).at(-1),
    ).to.equal("pad=576:720:(ow-iw)/2:(oh-ih)/2");
    expect(filtersOf({ pixelFormat: "yuv422p10le" })).to.deep.equal([]);
  });

  it("replace the tag of a matrix that `scale` does not know", () => {
    const filtersOf = (matrix: string, pixelFormat = "yuv420p10le") =>
      buildFrameFilters(buildVideoProbe({ codec: "vp9", pixelFormat, color: { matrix } }));

    for (const matrix of ["ictcp", "ycgco", "bt2020c"])
      expect(filtersOf(matrix)).to.deep.equal(["setparams=colorspace=bt709"]);
    for (const matrix of ["bt709", "smpte170m", "bt2020nc"]) expect(filtersOf(matrix)).to.deep.equal([]);
    expect(filtersOf("gbr", "gbrp")).to.deep.equal([]);
  });

  it("deinterlace before rotation", () => {
    expect(buildFrameFilters(buildVideoProbe({ pixelFormat: "yuv420p10le", codec: "vp9" }))).to.deep.equal(
      [],
    );
    expect(
      buildFrameFilters(buildVideoProbe({ pixelFormat: "yuv420p10le", interlaced: true })),
    ).to.deep.equal(["yadif"]);
    expect(
      buildFrameFilters(buildVideoProbe({ pixelFormat: "yuv420p10le", interlaced: true, rotation: 90 })),
    ).to.deep.equal([...["transpose=cclock", "yadif", "transpose=clock"]]);
    expect(
      buildFrameFilters(buildVideoProbe({ pixelFormat: "yuv420p10le", interlaced: true, rotation: 180 })),
    ).to.deep.equal([...["hflip", "vflip", "yadif", "hflip", "vflip"]]);
    expect(
      buildFrameFilters(buildVideoProbe({ pixelFormat: "yuv420p10le", interlaced: true, rotation: 270 })),
    ).to.deep.equal([...["transpose=clock", "yadif", "transpose=cclock"]]);
  });

  it("rotate in quarter turns", () => {
    expect([buildRotationFilters(0), buildRotationFilters(90)]).to.deep.equal([[], ["transpose=clock"]]);
  });
});
