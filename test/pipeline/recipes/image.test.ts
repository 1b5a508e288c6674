import { expect } from "chai";
import { computeUprightSize, planImage } from "../../../pipeline/recipes/image.ts";
import type { ImageOptions } from "../../../pipeline/recipes/recipe.ts";
import { exifBlock, jpegWithExif } from "../../e2e/exif-files.ts";
import {
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getOption,
  runPlan,
} from "./plan-context.ts";

const options: ImageOptions = { name: "image", maxWidth: 1600, maxHeight: 1600, quality: 82 };
const imageProbe = (width: number, height: number) =>
  buildProbe({ video: buildVideoProbe({ width, height }), audio: undefined });
const buildPlan = (probe = imageProbe(3200, 1000), outputKeys = ["a.webp", "a.jpg"], orientation = 1) => {
  const jpeg = jpegWithExif(Buffer.from("ffd8ffd9", "hex"), exifBlock(orientation));
  return runPlan(planImage(options, buildPlanContext(probe, { outputKeys })), (step) =>
    step.kind === "range" ? { bytes: jpeg.subarray(step.offset, step.offset + step.length) } : {},
  );
};

describe("recipe image", () => {
  it("decodes once for WebP with transparency and JPEG on white", () => {
    const { runs, outputs } = buildPlan();
    const graph = getOption(runs[0], "-filter_complex")?.split(";");

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
    expect([getOption(runs[0], "-quality"), getOption(runs[0], "-q:v")]).to.deep.equal(["82", "7"]);
  });

  it("never enlarges, and applies the image pixel limit", () => {
    const { runs, outputs } = buildPlan(imageProbe(33, 21), ["A.JPG"]);

    expect(outputs[0]?.expectation?.video).to.deep.equal({ codec: "mjpeg", width: 33, height: 21 });
    expect(getOption(runs[0], "-max_pixels")).to.equal("50000000");
  });

  it("rotates by EXIF and disables ffmpeg's autorotation", () => {
    const { runs, outputs } = buildPlan(imageProbe(3200, 1000), ["a.webp"], 7);

    expect(getOption(runs[0], "-filter_complex")).to.include(
      "format=rgba,transpose=clock_flip,scale=500:1600:",
    );
    expect(runs[0]?.arguments.indexOf("-noautorotate")).to.be.lessThan(runs[0]?.arguments.indexOf("-i") ?? 0);
    expect(outputs[0]?.expectation?.video).to.deep.equal({ codec: "webp", width: 500, height: 1600 });
  });

  it("computes the upright size with or without ffprobe's rotation", () => {
    const rotatedProbe = buildVideoProbe({
      codedWidth: 40,
      codedHeight: 30,
      width: 30,
      height: 40,
      rotation: 90,
    });
    const notRotatedProbe = buildVideoProbe({ codedWidth: 40, codedHeight: 30, width: 40, height: 30 });

    expect([
      computeUprightSize(rotatedProbe, 6),
      computeUprightSize(notRotatedProbe, 6),
      computeUprightSize(notRotatedProbe, 3),
    ]).to.deep.equal([
      { width: 30, height: 40 },
      { width: 30, height: 40 },
      { width: 40, height: 30 },
    ]);
    expect(computeUprightSize(rotatedProbe, 1)).to.deep.equal({ width: 40, height: 30 });
  });

  it("ends with 4000 for a source without an image", () => {
    expect(catchCode(() => buildPlan(buildProbe({ video: undefined })))).to.equal(4000);
  });
});
