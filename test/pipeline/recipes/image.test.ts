import { expect } from "chai";
import type { ImageConversion } from "../../../pipeline/encoding/image-request.ts";
import type { VideoProbe } from "../../../pipeline/media/probe.ts";
import { planImage } from "../../../pipeline/recipes/image.ts";
import type { ImageOptions } from "../../../pipeline/recipes/recipe.ts";
import { buildPlanContext, buildProbe, buildVideoProbe, catchCode, runPlan } from "./plan-context.ts";

const options: ImageOptions = { name: "image", maxWidth: 1600, maxHeight: 1600, quality: 82 };
const imageProbe = (width: number, height: number, more: Partial<VideoProbe> = {}) =>
  buildProbe({
    bytes: 1234,
    video: buildVideoProbe({ width, height, codedWidth: width, codedHeight: height, ...more }),
    audio: undefined,
  });
const buildPlan = (
  probe = imageProbe(3200, 1000),
  outputKeys = ["a.webp", "a.jpg"],
  more: Partial<ImageOptions> = {},
) => {
  const { steps, outputs } = runPlan(
    planImage({ ...options, ...more }, buildPlanContext(probe, { outputKeys })),
  );
  const conversions = steps.flatMap((step): readonly ImageConversion[] =>
    step.kind === "image" ? [step.conversion] : [],
  );
  expect(steps).to.have.length(1);
  return { conversion: conversions[0], outputs };
};

describe("recipe image", () => {
  it("decodes once for all outputs", () => {
    const { conversion, outputs } = buildPlan();

    expect(conversion).to.deep.equal({
      operation: "convert",
      input: "http://127.0.0.1:1/source",
      bytes: 1234,
      maxPixels: 50_000_000,
      width: 1600,
      height: 500,
      colorProfile: "srgb",
      threads: 3,
      targets: [
        { path: "/scratch/image-0.webp", format: "webp", quality: 82, isAnimated: false },
        { path: "/scratch/image-1.jpeg", format: "jpeg", quality: 82, isAnimated: false },
      ],
    });
    expect(outputs).to.deep.equal([
      {
        key: "a.webp",
        path: "/scratch/image-0.webp",
        contentType: "image/webp",
        isManifest: false,
        expectation: { video: { codec: "webp", width: 1600, height: 500 } },
      },
      {
        key: "a.jpg",
        path: "/scratch/image-1.jpeg",
        contentType: "image/jpeg",
        isManifest: false,
        expectation: { video: { codec: "mjpeg", width: 1600, height: 500 } },
      },
    ]);
  });

  it("encodes each output in the format of its extension", () => {
    const { conversion, outputs } = buildPlan(imageProbe(33, 21), ["a.AVIF", "a.png", "a.JPG", "a"]);

    expect(conversion?.targets.map(({ format }) => format)).to.deep.equal(["avif", "png", "jpeg", "jpeg"]);
    expect(outputs.map(({ contentType, expectation }) => [contentType, expectation?.video])).to.deep.equal([
      ["image/avif", { codec: "av1", width: 33, height: 21 }],
      ["image/png", { codec: "png", width: 33, height: 21 }],
      ["image/jpeg", { codec: "mjpeg", width: 33, height: 21 }],
      ["image/jpeg", { codec: "mjpeg", width: 33, height: 21 }],
    ]);
  });

  it("fits the upright size into the box", () => {
    const { conversion } = buildPlan(imageProbe(1000, 3200, { codedWidth: 3200, codedHeight: 1000 }));

    expect(conversion).to.include({ width: 500, height: 1600 });
  });

  it("stays within the longest side of WebP", () => {
    const box = { maxWidth: 16_384, maxHeight: 16_384 };

    expect(buildPlan(imageProbe(20_000, 2), ["a.webp"], box).conversion).to.include({
      width: 16_383,
      height: 2,
    });
  });

  it("keeps the color profile by option", () => {
    expect(buildPlan(undefined, undefined, { colorProfile: "keep" }).conversion).to.include({
      colorProfile: "keep",
    });
  });

  it("keeps an animation by option, in WebP, within four times the pixels of an image", () => {
    const animation = imageProbe(500, 400, { frameCount: 1000 });
    const keep = { animation: "keep" } as const;

    expect(buildPlan(animation).conversion?.targets.map(({ isAnimated }) => isAnimated)).to.deep.equal([
      false,
      false,
    ]);
    const { conversion } = buildPlan(animation, ["a.webp", "a.jpg", "a.avif"], keep);
    expect(conversion?.targets.map(({ isAnimated }) => isAnimated)).to.deep.equal([true, false, false]);
    expect(conversion?.maxPixels).to.equal(200_000_000);
    expect(catchCode(() => buildPlan(imageProbe(500, 400, { frameCount: 1001 }), ["a.webp"], keep))).to.equal(
      4001,
    );
  });

  it("ends with 4000 for a source without an image", () => {
    expect(catchCode(() => buildPlan(buildProbe({ video: undefined })))).to.equal(4000);
  });
});
