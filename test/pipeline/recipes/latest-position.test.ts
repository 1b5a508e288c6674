import { expect } from "chai";
import { getLatestPosition } from "../../../pipeline/recipes/latest-position.ts";

describe("the latest position of a recipe", () => {
  it("is the end of a clip, or the position of a thumbnail, if it is in seconds", () => {
    expect(getLatestPosition({ name: "clip", start: { seconds: 4 }, durationSeconds: 3 })).to.equal(7);
    expect(getLatestPosition({ name: "thumbnail", at: { seconds: 9 } })).to.equal(9);
    expect(getLatestPosition({ name: "thumbnail", at: { percent: 50 } })).to.equal(0);
  });
});
