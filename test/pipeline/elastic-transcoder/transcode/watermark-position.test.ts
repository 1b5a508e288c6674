import { expect } from "chai";
import fc from "fast-check";
import type { WatermarkParameters } from "../../../../pipeline/elastic-transcoder/presets/preset.ts";
import { placeWatermark } from "../../../../pipeline/elastic-transcoder/transcode/watermark-position.ts";

const slot = (more: Partial<WatermarkParameters> = {}): WatermarkParameters => ({
  Id: "slot",
  MaxWidth: "10%",
  MaxHeight: "10%",
  SizingPolicy: "ShrinkToFit",
  HorizontalAlign: "Left",
  HorizontalOffset: "0px",
  VerticalAlign: "Top",
  VerticalOffset: "0px",
  Opacity: "100",
  Target: "Content",
  ...more,
});
const frame = { width: 1280, height: 720 };
const wholeFrame = { x: 0, y: 0, ...frame };
/** 4:3 with padding at both sides. */
const content = { x: 160, y: 0, width: 960, height: 720 };
const logo = { width: 400, height: 200 };

describe("the position of a watermark", () => {
  it("follows the sizing policy", () => {
    const size = (SizingPolicy: string, image = logo) => {
      const { width, height } = placeWatermark(slot({ SizingPolicy }), frame, wholeFrame, image);
      return [width, height];
    };
    expect(size("ShrinkToFit")).to.deep.equal([128, 64]);
    expect(size("ShrinkToFit", { width: 40, height: 20 })).to.deep.equal([40, 20]);
    expect(size("Fit", { width: 40, height: 20 })).to.deep.equal([128, 64]);
    expect(size("Fit", { width: 20, height: 40 })).to.deep.equal([36, 72]);
    expect(size("Stretch")).to.deep.equal([128, 72]);
  });

  it("uses pixels as given and percentages of the Target", () => {
    const width = (more: Partial<WatermarkParameters>) =>
      placeWatermark(slot({ SizingPolicy: "Stretch", ...more }), frame, content, logo).width;
    expect([width({ MaxWidth: "50px" }), width({}), width({ Target: "Frame" })]).to.deep.equal([50, 96, 128]);
  });

  it("measures offsets from the aligned border of the video or the padded frame", () => {
    const at = (more: Partial<WatermarkParameters>) => {
      const { x, y } = placeWatermark(
        slot({ SizingPolicy: "Stretch", MaxWidth: "100px", MaxHeight: "60px", ...more }),
        frame,
        content,
        logo,
      );
      return [x, y];
    };
    const low = { HorizontalAlign: "Right", VerticalAlign: "Bottom" };
    const offsets = { HorizontalOffset: "10%", VerticalOffset: "5px" };
    expect(at(offsets)).to.deep.equal([160 + 96, 5]);
    expect(at({ ...offsets, Target: "Frame" })).to.deep.equal([128, 5]);
    expect(at({ ...low, ...offsets })).to.deep.equal([160 + 960 - 100 - 96, 720 - 60 - 5]);
    expect(at({ ...low, ...offsets, Target: "Frame" })).to.deep.equal([1280 - 100 - 128, 655]);
    expect(at({ HorizontalAlign: "Center", VerticalAlign: "Center", ...offsets })).to.deep.equal([590, 330]);
  });

  it("may exceed the border, where the overlay crops it", () => {
    const { x } = placeWatermark(
      slot({ HorizontalAlign: "Right", HorizontalOffset: "0px", MaxWidth: "100%", SizingPolicy: "Stretch" }),
      { width: 100, height: 100 },
      { x: 0, y: 0, width: 100, height: 100 },
      logo,
    );
    expect(x).to.equal(0);
    expect(placeWatermark(slot({ HorizontalOffset: "100%" }), frame, wholeFrame, logo).x).to.equal(1280);
  });

  it("is never empty and keeps its shape within its bounds", () => {
    const side = fc.integer({ min: 1, max: 4000 });
    const measure = fc.oneof(
      fc.integer({ min: 0, max: 100 }).map((share) => `${share}%`),
      fc.integer({ min: 0, max: 2000 }).map((pixels) => `${pixels}px`),
    );
    fc.assert(
      fc.property(
        measure,
        measure,
        fc.record({ width: side, height: side }),
        fc.constantFrom("Fit", "Stretch", "ShrinkToFit"),
        (MaxWidth, MaxHeight, image, SizingPolicy) => {
          const box = placeWatermark(slot({ MaxWidth, MaxHeight, SizingPolicy }), frame, wholeFrame, image);
          expect(Math.min(box.width, box.height)).to.be.at.least(1);
          if (SizingPolicy === "ShrinkToFit") {
            expect(box.width).to.be.at.most(image.width);
            expect(box.height).to.be.at.most(image.height);
          }
          expect([box.x, box.y].every(Number.isInteger)).to.equal(true);
        },
      ),
    );
  });
});
