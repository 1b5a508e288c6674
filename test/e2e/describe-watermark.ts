import { expect } from "chai";
import { type Color, colorName, colorsAt } from "./pixels.ts";
import type { RecipeBench } from "./recipe-bench.ts";

/** Position, size and opacity of a watermark, by the colors of the first frame. */
export const describeWatermark = ({ programs, makeOne, folder }: RecipeBench): void => {
  const pixels = async (path: string, ...points: readonly (readonly [number, number])[]) =>
    colorsAt(programs, path, points);
  const near = (a: Color | undefined, b: Color | undefined): boolean =>
    a !== undefined &&
    b !== undefined &&
    a.every((channel, index) => Math.abs(channel - (b[index] ?? 0)) < 24);

  it("places the image at its position only", async () => {
    const { path } = await makeOne(
      { name: "watermark", position: "top-left", margin: 0, scale: 0.5, opacity: 1 },
      "turned-upright-180.mov",
      "exif-1.jpg",
    );
    // 160×80 of a 320×180 frame: red, green, blue, white in its top left.
    const marked = await pixels(path, [0.1, 0.1], [0.4, 0.1], [0.1, 0.35], [0.4, 0.35], [0.75, 0.75]);

    expect(marked.map(colorName)).to.deep.equal(["red", "green", "blue", "white", "white"]);
  });

  it("rotates an image by its EXIF orientation", async () => {
    const { path } = await makeOne(
      { name: "watermark", position: "top-left", margin: 0, scale: 0.25, opacity: 1 },
      "silent.mp4",
      "exif-6.jpg",
    );
    // 80×160 of a 320×180 frame.
    const marked = await pixels(path, [0.06, 0.2], [0.19, 0.2], [0.06, 0.7], [0.19, 0.7]);

    expect(marked.map(colorName)).to.deep.equal(["blue", "red", "white", "green"]);
  });

  it("applies the opacity", async () => {
    const center = { name: "watermark", position: "center", scale: 0.5, margin: 0 };
    const [source] = await pixels(`${folder()}/turned-upright-180.mov`, [0.3, 0.6]);
    const none = await makeOne({ ...center, opacity: 0 }, "turned-upright-180.mov", "exif-1.jpg");
    const half = await makeOne({ ...center, opacity: 0.5 }, "ten-bit.mkv", "exif-3.jpg");

    const [transparentPixel] = await pixels(none.path, [0.7, 0.4]);
    expect(near(transparentPixel, source), "a mark of opacity 0").to.equal(true);
    // The frame's top left is red; the mark's, turned by 180°, white: half of both.
    const [mixed] = await pixels(half.path, [0.4, 0.4]);
    expect(mixed?.[0]).to.be.greaterThan(230);
    expect(mixed?.[1]).to.be.within(100, 150);
  });
};
