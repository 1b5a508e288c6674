import { expect } from "chai";
import fc from "fast-check";
import { selectRenditions } from "../../../pipeline/recipes/renditions.ts";

const heights = [1080, 720, 480, 360];
const listSizes = (width: number, height: number) =>
  selectRenditions({ width, height }, heights).map((rendition) => [rendition.width, rendition.height]);

describe("the renditions of a ladder", () => {
  it("have every height up to the source's, largest first", () => {
    expect(listSizes(1280, 720)).to.deep.equal([
      [1280, 720],
      [852, 480],
      [640, 360],
    ]);
  });

  it("use the width of portrait video", () => {
    expect(listSizes(720, 1280).at(-1)).to.deep.equal([360, 640]);
  });

  it("are the source only if it is smaller than every height", () => {
    expect(listSizes(321, 181)).to.deep.equal([[320, 180]]);
  });

  it("use each height once", () => {
    expect(
      selectRenditions({ width: 1920, height: 1080 }, [360, 360, 720]).map(({ height }) => height),
    ).to.deep.equal([720, 360]);
  });

  it("are limited to 5.0 Mbit/s at 1080p, 2.7 at 720p, 1.0 at 360p, and at least 150 kbit/s", () => {
    const rates = selectRenditions({ width: 1920, height: 1080 }, heights).map(({ maxKbps }) => maxKbps);

    expect(rates).to.deep.equal([5010, 2730, 1480, 960]);
    expect(selectRenditions({ width: 16, height: 16 }, heights)[0]?.maxKbps).to.equal(150);
  });

  it("are even, not larger than the source, keep its shape, and decrease in size and rate", () => {
    const side = fc.integer({ min: 16, max: 8192 });
    fc.assert(
      fc.property(
        fc.record({ width: side, height: side }),
        fc.array(fc.integer({ min: 16, max: 4320 }), { minLength: 1, maxLength: 8 }),
        (source, heightList) => {
          const renditions = selectRenditions(source, heightList);
          expect(renditions).to.have.length.within(1, heightList.length);
          for (const [index, { width, height, maxKbps }] of renditions.entries()) {
            expect([width % 2, height % 2]).to.deep.equal([0, 0]);
            expect(width).to.be.at.most(source.width);
            expect(height).to.be.at.most(source.height);
            const factor = Math.min(width, height) / Math.min(source.width, source.height);
            const longer = Math.max(source.width, source.height);
            // Both sides are cut to even, and the longer may lose what the shorter's cut is enlarged to.
            expect(Math.max(width, height)).to.be.closeTo(
              longer * factor,
              2.5 + (2 * longer) / Math.min(source.width, source.height),
            );
            const next = renditions[index + 1];
            if (next !== undefined) {
              expect(next.width * next.height).to.be.at.most(width * height);
              expect(next.maxKbps).to.be.at.most(maxKbps);
            }
          }
        },
      ),
    );
  });
});
