import { expect } from "chai";
import fc from "fast-check";
import { cropBox, groupObjects } from "../../../pipeline/highlights/detected-labels.ts";

describe("detected labels", () => {
  it("group objects by label, by confidence, with a box for each that is sure enough", () => {
    const box = { left: 0.25, top: 0.25, width: 0.5, height: 0.5 };
    const objects = [
      { name: "cup", confidence: 47, box },
      { name: "person", confidence: 61, box },
      { name: "cup", confidence: 52, box: { left: 0, top: 0.5, width: 0.5, height: 0.5 } },
      { name: "cup", confidence: 39, box },
      { name: "dog", confidence: 12, box },
    ];

    expect(groupObjects(objects, 40)).to.deep.equal([
      { name: "person", confidence: 61, boxes: [box] },
      { name: "cup", confidence: 52, boxes: [{ left: 0, top: 0.5, width: 0.5, height: 0.5 }, box] },
    ]);
  });

  it("have boxes inside the frame", () => {
    const value = fc.double({ min: -3, max: 3, noNaN: true });
    const size = fc.double({ min: 0, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.record({ left: value, top: value, width: size, height: size }), (box) => {
        const { left, top, width, height } = cropBox(box);
        for (const fraction of [left, top, width, height, left + width, top + height])
          expect(fraction).to.be.within(0, 1);
      }),
    );
  });
});
