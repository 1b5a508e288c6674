import { expect } from "chai";
import fc from "fast-check";
import type { WatermarkOptions } from "../../../pipeline/recipes/recipe.ts";
import {
  computeWatermarkPosition,
  computeWatermarkSize,
  planWatermark,
} from "../../../pipeline/recipes/watermark.ts";
import {
  audioOf,
  bt709Tags,
  buildPlanContext,
  buildProbe,
  buildVideoProbe,
  catchCode,
  getFrameFilters,
  getOption,
  runPlan,
  scaleHd,
} from "./plan-context.ts";

const buildOptions = (more: Partial<WatermarkOptions> = {}): WatermarkOptions => ({
  name: "watermark",
  image: "watermarks/default.png",
  position: "bottom-right",
  scale: 0.15,
  margin: 0.03,
  opacity: 0.8,
  ...more,
});
const buildWatermarkProbe = (width: number, height: number) => ({
  url: "/scratch/watermark.png",
  probe: buildProbe({ video: buildVideoProbe({ width, height }), audio: undefined }),
});

describe("a watermark's position", () => {
  const side = fc.integer({ min: 2, max: 4096 }).map((pixels) => pixels - (pixels % 2));
  const sizes = fc.record({ width: side, height: side });
  const options = fc
    .record({
      position: fc.constantFrom("top-left", "top-right", "bottom-left", "bottom-right", "center"),
      scale: fc.double({ min: 0.001, max: 1, noNaN: true }),
      margin: fc.double({ min: 0, max: 0.5, noNaN: true }),
    })
    .map(buildOptions);

  it("is within the frame for any shapes, scale and margin", () => {
    fc.assert(
      fc.property(options, sizes, sizes, (watermarkOptions, frame, image) => {
        const size = computeWatermarkSize(watermarkOptions, frame, image);
        const { x, y } = computeWatermarkPosition(watermarkOptions, frame, size);
        expect(size.width).to.be.within(1, Math.max(1, Math.ceil(frame.width * watermarkOptions.scale)));
        expect(x).to.be.within(0, frame.width - size.width);
        expect(y).to.be.within(0, frame.height - size.height);
      }),
    );
  });

  it("keeps the image's shape within a pixel", () => {
    fc.assert(
      fc.property(options, sizes, sizes, (watermarkOptions, frame, image) => {
        const size = computeWatermarkSize(watermarkOptions, frame, image);
        const exact = (size.width * image.height) / image.width;
        expect(Math.abs(size.height - exact)).to.be.at.most(1 + image.height / image.width);
      }),
    );
  });

  const frame = { width: 1000, height: 500 };
  const mark = { width: 100, height: 50 };
  const expectedPositions = {
    "top-left": { x: 50, y: 50 },
    "top-right": { x: 850, y: 50 },
    "bottom-left": { x: 50, y: 400 },
    "bottom-right": { x: 850, y: 400 },
    center: { x: 450, y: 225 },
  } as const;
  for (const position of ["top-left", "top-right", "bottom-left", "bottom-right", "center"] as const)
    it(`is ${position}, a tenth of the shorter side from the edges`, () => {
      expect(computeWatermarkPosition(buildOptions({ position, margin: 0.1 }), frame, mark)).to.deep.equal(
        expectedPositions[position],
      );
    });

  it("is scaled by the frame's width, within the frame and its margins", () => {
    expect(computeWatermarkSize(buildOptions({ scale: 0.2 }), frame, mark)).to.deep.equal({
      width: 200,
      height: 100,
    });
    expect(
      computeWatermarkSize(buildOptions({ scale: 1, margin: 0.1 }), frame, { width: 100, height: 200 }),
    ).to.deep.equal({
      width: 200,
      height: 400,
    });
    expect(computeWatermarkSize(buildOptions({ scale: 1, margin: 0.1 }), frame, mark)).to.deep.equal({
      width: 800,
      height: 400,
    });
  });
});

describe("recipe watermark", () => {
  const watermarkContext = (probe = buildProbe()) =>
    buildPlanContext(probe, { images: { watermark: buildWatermarkProbe(200, 100) } });
  const getFilterGraph = (context = watermarkContext(), options = buildOptions()) => {
    const { runs } = runPlan(planWatermark(options, context));
    return getOption(runs[0], "-filter_complex")?.split(";");
  };

  it("scales the mark, applies opacity and overlays it", () => {
    expect(getFilterGraph()).to.deep.equal([
      `[0:0]${getFrameFilters()},${scaleHd(1920, 1080)},format=yuv420p,${bt709Tags},setsar=1,fps=25[frame]`,
      `[1:v]${[
        "format=rgba",
        "scale=288:144",
        "colorchannelmixer=aa=0.8",
        "scale=flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix=bt709:in_range=pc:out_color_matrix=bt709:out_range=tv",
        "format=yuva420p",
      ].join()}[mark]`,
      "[frame][mark]overlay=1600:904:format=yuv420,format=yuv420p[out]",
    ]);
  });

  it("reads the converted image as a PNG file of the worker", () => {
    const { runs } = runPlan(planWatermark(buildOptions(), watermarkContext()));
    const text = runs[0]?.arguments.join(" ");

    expect(text).to.include("-protocol_whitelist file -format_whitelist png_pipe -i /scratch/watermark.png");
  });

  it("makes the frame even, and sets a missing rate", () => {
    const video = buildVideoProbe({
      width: 321,
      height: 181,
      isVariableFrameRate: true,
      frameRate: undefined,
    });

    expect(getFilterGraph(watermarkContext(buildProbe({ video })))?.[0]).to.equal(
      `[0:0]${getFrameFilters(video)},${scaleHd(320, 180)},format=yuv420p,${bt709Tags},setsar=1,fps=30[frame]`,
    );
  });

  it("maps audio if present, and expects the longer duration", () => {
    const both = buildProbe({
      video: buildVideoProbe({ durationSeconds: 8 }),
      audio: audioOf({ durationSeconds: 9 }),
    });
    const bothStreams = runPlan(planWatermark(buildOptions(), watermarkContext(both)));
    const silent = runPlan(planWatermark(buildOptions(), watermarkContext(buildProbe({ audio: undefined }))));

    expect(bothStreams.runs[0]?.arguments.join(" ")).to.match(/-map 0:1 -filter:a aresample=\S+ -c:a aac/);
    expect(bothStreams.outputs[0]?.expectation).to.deep.equal({
      durationSeconds: 9,
      video: { codec: "h264", width: 1920, height: 1080 },
      audio: { codec: "aac" },
    });
    expect(silent.runs[0]?.arguments).not.to.include("-c:a");
    expect(silent.outputs[0]?.expectation?.audio).to.equal("none");
  });

  it("reads a source of unknown duration up to the limit", () => {
    const { runs } = runPlan(planWatermark(buildOptions(), watermarkContext()));

    expect(getOption(runs[0], "-t")).to.equal("3601.000");
  });

  it("ends with 4004 for an invalid mark, and 4000 without video", () => {
    const audioContext = {
      watermark: { url: "/scratch/watermark.png", probe: buildProbe({ video: undefined }) },
    };

    expect(
      catchCode(() =>
        runPlan(planWatermark(buildOptions(), buildPlanContext(buildProbe(), { images: audioContext }))),
      ),
    ).to.equal(4004);
    expect(catchCode(() => runPlan(planWatermark(buildOptions(), buildPlanContext(buildProbe()))))).to.equal(
      4004,
    );
    expect(
      catchCode(() =>
        runPlan(planWatermark(buildOptions(), watermarkContext(buildProbe({ video: undefined })))),
      ),
    ).to.equal(4000);
  });
});
