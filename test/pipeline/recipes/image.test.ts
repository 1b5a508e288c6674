import { expect } from "chai";
import { computeUprightSize, planImage } from "../../../pipeline/recipes/image.ts";
import type { ImageOptions } from "../../../pipeline/recipes/recipe.ts";
import { exifBlock, jpegWithExif } from "../../e2e/exif-files.ts";
import { codeOf, contextOf, drive, optionOf, probeOf, videoOf } from "./plan-context.ts";

const options: ImageOptions = { name: "image", maxWidth: 1600, maxHeight: 1600, quality: 82 };
const picture = (width: number, height: number) =>
  probeOf({ video: videoOf({ width, height }), audio: undefined });
const planOf = (probe = picture(3200, 1000), outputKeys = ["a.webp", "a.jpg"], orientation = 1) => {
  const jpeg = jpegWithExif(Buffer.from("ffd8ffd9", "hex"), exifBlock(orientation));
  return drive(planImage(options, contextOf(probe, { outputKeys })), (step) =>
    step.kind === "range" ? { bytes: jpeg.subarray(step.offset, step.offset + step.length) } : {},
  );
};

describe("recipe image", () => {
  it("decodes once, for WebP with its transparency and JPEG on white", () => {
    const { runs, outputs } = planOf();
    const graph = optionOf(runs[0], "-filter_complex")?.split(";");

    expect(runs).to.have.length(1);
    expect(graph).to.deep.equal([
      "[0:v:0]format=rgba,scale=1600:500:flags=lanczos,setsar=1,split=2[sp0][sp1]",
      "[sp0]null[p0]",
      "[sp1]split=2[p1_copy][p1_front]",
      "[p1_copy]lutrgb=r=255:g=255:b=255:a=255[p1_back]",
      "[p1_back][p1_front]overlay=format=rgb,format=yuvj420p[p1]",
    ]);
    expect(outputs.map(({ key, path, contentType }) => [key, path, contentType])).to.deep.equal([
      ["a.webp", "/scratch/image-0.webp", "image/webp"],
      ["a.jpg", "/scratch/image-1.jpg", "image/jpeg"],
    ]);
    expect(outputs.map((output) => output.expectation?.video)).to.deep.equal([
      { codec: "webp", width: 1600, height: 500 },
      { codec: "mjpeg", width: 1600, height: 500 },
    ]);
    expect([optionOf(runs[0], "-quality"), optionOf(runs[0], "-q:v")]).to.deep.equal(["82", "7"]);
  });

  it("never enlarges, and bounds the pixels of a picture as the limits for pictures say", () => {
    const { runs, outputs } = planOf(picture(33, 21), ["A.JPG"]);

    expect(outputs[0]?.expectation?.video).to.deep.equal({ codec: "mjpeg", width: 33, height: 21 });
    expect(optionOf(runs[0], "-max_pixels")).to.equal("50000000");
  });

  it("turns as EXIF says and leaves ffmpeg no turn of its own", () => {
    const { runs, outputs } = planOf(picture(3200, 1000), ["a.webp"], 7);

    expect(optionOf(runs[0], "-filter_complex")).to.include(
      "format=rgba,transpose=clock_flip,scale=500:1600:",
    );
    expect(runs[0]?.arguments.indexOf("-noautorotate")).to.be.lessThan(runs[0]?.arguments.indexOf("-i") ?? 0);
    expect(outputs[0]?.expectation?.video).to.deep.equal({ codec: "webp", width: 500, height: 1600 });
  });

  it("knows the upright size whether or not ffprobe told the turn", () => {
    const told = videoOf({ codedWidth: 40, codedHeight: 30, width: 30, height: 40, rotation: 90 });
    const untold = videoOf({ codedWidth: 40, codedHeight: 30, width: 40, height: 30 });

    expect([
      computeUprightSize(told, 6),
      computeUprightSize(untold, 6),
      computeUprightSize(untold, 3),
    ]).to.deep.equal([
      { width: 30, height: 40 },
      { width: 30, height: 40 },
      { width: 40, height: 30 },
    ]);
    expect(computeUprightSize(told, 1)).to.deep.equal({ width: 40, height: 30 });
  });

  it("ends with 4000 where there is no picture", () => {
    expect(codeOf(() => planOf(probeOf({ video: undefined })))).to.equal(4000);
  });
});
