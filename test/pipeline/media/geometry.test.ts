import { expect } from "chai";
import fc from "fast-check";
import { fitInto, roundDownToEven, roundSizeDownToEven } from "../../../pipeline/media/geometry.ts";

const side = fc.integer({ min: 1, max: 16_384 });
const size = fc.record({ width: side, height: side });

describe("a fitted size", () => {
  it("is within the box, never enlarged, and keeps its shape within a pixel", () => {
    fc.assert(
      fc.property(size, size, (source, box) => {
        const fitted = fitInto(source, box);
        expect(fitted.width).to.be.within(1, Math.min(box.width, source.width));
        expect(fitted.height).to.be.within(1, Math.min(box.height, source.height));
        const factor = Math.min(1, box.width / source.width, box.height / source.height);
        expect(Math.abs(fitted.width - source.width * factor)).to.be.at.most(1);
        expect(Math.abs(fitted.height - source.height * factor)).to.be.at.most(1);
      }),
    );
  });

  it("reaches the box if the source is larger", () => {
    fc.assert(
      fc.property(size, size, (source, box) => {
        fc.pre(source.width > box.width || source.height > box.height);
        const fitted = fitInto(source, box);
        expect(fitted.width === box.width || fitted.height === box.height).to.equal(true);
      }),
    );
  });

  it("is even after rounding, and at most a pixel smaller", () => {
    fc.assert(
      fc.property(size, (source) => {
        const { width, height } = roundSizeDownToEven(source);
        expect([width % 2, height % 2]).to.deep.equal([0, 0]);
        expect(source.width - width).to.be.within(-1, 1);
        expect(source.height - height).to.be.within(-1, 1);
      }),
    );
    expect([
      roundDownToEven(1),
      roundDownToEven(2),
      roundDownToEven(181),
      roundDownToEven(3.9),
    ]).to.deep.equal([2, 2, 180, 2]);
  });
});
