import { expect } from "chai";
import fc from "fast-check";
import type { WatermarkOptions } from "../../../pipeline/recipes/recipe.ts";
import {
  computeWatermarkPosition,
  computeWatermarkSize,
  planWatermark,
} from "../../../pipeline/recipes/watermark.ts";
import { exifBlock, jpegWithExif } from "../../e2e/exif-files.ts";
import { codeOf, contextOf, drive, optionOf, probeOf, soundOf, videoOf } from "./plan-context.ts";

const optionsOf = (more: Partial<WatermarkOptions> = {}): WatermarkOptions => ({
  name: "watermark",
  image: "watermarks/default.png",
  position: "bottom-right",
  scale: 0.15,
  margin: 0.03,
  opacity: 0.8,
  ...more,
});
const markOf = (width: number, height: number) => ({
  url: "http://127.0.0.1:1/mark",
  probe: probeOf({ video: videoOf({ width, height }), audio: undefined }),
});

describe("a watermark's place", () => {
  const side = fc.integer({ min: 2, max: 4096 }).map((pixels) => pixels - (pixels % 2));
  const sizes = fc.record({ width: side, height: side });
  const options = fc
    .record({
      position: fc.constantFrom("top-left", "top-right", "bottom-left", "bottom-right", "center"),
      scale: fc.double({ min: 0.001, max: 1, noNaN: true }),
      margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
    })
    .map(optionsOf);

  it("is within the frame, whatever the shapes, the scale and the margin", () => {
    fc.assert(
      fc.property(options, sizes, sizes, (given, frame, image) => {
        const size = computeWatermarkSize(given, frame, image);
        const { x, y } = computeWatermarkPosition(given, frame, size);
        expect(size.width).to.be.within(1, Math.max(1, Math.ceil(frame.width * given.scale)));
        expect(x).to.be.within(0, frame.width - size.width);
        expect(y).to.be.within(0, frame.height - size.height);
      }),
    );
  });

  it("keeps the image's shape within a pixel", () => {
    fc.assert(
      fc.property(options, sizes, sizes, (given, frame, image) => {
        const size = computeWatermarkSize(given, frame, image);
        const exact = (size.width * image.height) / image.width;
        expect(Math.abs(size.height - exact)).to.be.at.most(1 + image.height / image.width);
      }),
    );
  });

  const frame = { width: 1000, height: 500 };
  const mark = { width: 100, height: 50 };
  const places = {
    "top-left": { x: 50, y: 50 },
    "top-right": { x: 850, y: 50 },
    "bottom-left": { x: 50, y: 400 },
    "bottom-right": { x: 850, y: 400 },
    center: { x: 450, y: 225 },
  } as const;
  for (const position of ["top-left", "top-right", "bottom-left", "bottom-right", "center"] as const)
    it(`is ${position}, a tenth of the shorter side from the edges`, () => {
      expect(computeWatermarkPosition(optionsOf({ position, margin: 0.1 }), frame, mark)).to.deep.equal(
        places[position],
      );
    });

  it("is a share of the frame's width, but no larger than the frame within its margins", () => {
    expect(computeWatermarkSize(optionsOf({ scale: 0.2 }), frame, mark)).to.deep.equal({
      width: 200,
      height: 100,
    });
    expect(
      computeWatermarkSize(optionsOf({ scale: 1, margin: 0.1 }), frame, { width: 100, height: 200 }),
    ).to.deep.equal({
      width: 200,
      height: 400,
    });
    expect(computeWatermarkSize(optionsOf({ scale: 1, margin: 0.1 }), frame, mark)).to.deep.equal({
      width: 800,
      height: 400,
    });
  });
});

describe("recipe watermark", () => {
  const given = (probe = probeOf()) => contextOf(probe, { images: { watermark: markOf(200, 100) } });
  const graph = (context = given(), options = optionsOf()) => {
    const { runs } = drive(planWatermark(options, context));
    return optionOf(runs[0], "-filter_complex")?.split(";");
  };

  it("scales the mark, fades it and lays it over the frame", () => {
    expect(graph()).to.deep.equal([
      "[0:0]scale=1920:1080:flags=bicubic,setsar=1[frame]",
      "[1:v]trim=end_frame=1,format=rgba,scale=288:144,colorchannelmixer=aa=0.8[mark]",
      "[frame][mark]overlay=1600:904,format=yuv420p[out]",
    ]);
  });

  it("turns a mark as its EXIF orientation says, and scales it by its shape as it is looked at", () => {
    const jpeg = jpegWithExif(Buffer.from("ffd8ffd9", "hex"), exifBlock(6));
    const { runs } = drive(planWatermark(optionsOf({ scale: 0.1 }), given()), (step) =>
      step.kind === "range" ? { bytes: jpeg.subarray(step.offset, step.offset + step.length) } : {},
    );

    expect(optionOf(runs[0], "-filter_complex")).to.include("format=rgba,transpose=clock,scale=192:384,");
    expect(runs[0]?.arguments).to.include("-noautorotate");
  });

  it("makes the frame even, and gives it a rate where it has none", () => {
    const video = videoOf({ width: 321, height: 181, isVariableFrameRate: true, frameRate: undefined });

    expect(graph(given(probeOf({ video })))?.[0]).to.equal(
      "[0:0]fps=30,scale=320:180:flags=bicubic,setsar=1[frame]",
    );
  });

  it("maps the sound, where there is any, and expects the longer of both", () => {
    const both = probeOf({ video: videoOf({ durationSeconds: 8 }), audio: soundOf({ durationSeconds: 9 }) });
    const whole = drive(planWatermark(optionsOf(), given(both)));
    const silent = drive(planWatermark(optionsOf(), given(probeOf({ audio: undefined }))));

    expect(whole.runs[0]?.arguments.join(" ")).to.include("-map 0:1 -c:a aac");
    expect(whole.outputs[0]?.expectation).to.deep.equal({
      durationSeconds: 9,
      video: { codec: "h264", width: 1920, height: 1080 },
      audio: { codec: "aac" },
    });
    expect(silent.runs[0]?.arguments).not.to.include("-c:a");
    expect(silent.outputs[0]?.expectation?.audio).to.equal("none");
  });

  it("reads a source without end no further than the limit", () => {
    const { runs } = drive(planWatermark(optionsOf(), given()));

    expect(optionOf(runs[0], "-t")).to.equal("3601.000");
  });

  it("ends with 4004 where the mark is no picture, 4000 where the source has none", () => {
    const sound = { watermark: { url: "http://127.0.0.1:1/mark", probe: probeOf({ video: undefined }) } };

    expect(codeOf(() => drive(planWatermark(optionsOf(), contextOf(probeOf(), { images: sound }))))).to.equal(
      4004,
    );
    expect(codeOf(() => drive(planWatermark(optionsOf(), contextOf(probeOf()))))).to.equal(4004);
    expect(codeOf(() => drive(planWatermark(optionsOf(), given(probeOf({ video: undefined })))))).to.equal(
      4000,
    );
  });
});
