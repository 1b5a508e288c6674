import { expect } from "chai";
import { type GrayFrame, scoreFrame, selectPosterSeconds } from "../../../pipeline/media/frame-score.ts";

const width = 32;
const height = 18;
const draw = (paint: (x: number, y: number) => number): Uint8Array =>
  Uint8Array.from({ length: width * height }, (_, index) => paint(index % width, Math.floor(index / width)));

const black = draw(() => 16);
const white = draw(() => 235);
const flatGray = draw(() => 128);
/** Squares of 4 pixels. */
const sharp = draw((x, y) => (((x >> 2) + (y >> 2)) % 2 === 0 ? 60 : 190));
/** The same contrast without edges. */
const blurred = draw((x) => 60 + (130 * x) / width);

const frames = (...pixels: readonly Uint8Array[]): readonly GrayFrame[] =>
  pixels.map((one, index) => ({ seconds: index, pixels: one }));

describe("the score of a frame", () => {
  it("is its mean, its standard deviation and the variance of its Laplacian", () => {
    expect(scoreFrame(black, width)).to.deep.equal({ brightness: 16, contrast: 0, sharpness: 0 });
    const score = scoreFrame(sharp, width);
    expect(score.brightness).to.be.closeTo(125, 10);
    expect(score.contrast).to.be.closeTo(65, 5);
    expect(score.sharpness).to.be.greaterThan(100 * scoreFrame(blurred, width).sharpness);
  });

  it("is zero for a frame without inner pixels", () => {
    expect(scoreFrame(Uint8Array.of(1, 1), 2).sharpness).to.equal(0);
  });
});

describe("the frame of a poster", () => {
  it("is the good one that is closest to the preferred position", () => {
    expect(selectPosterSeconds(frames(sharp, sharp, sharp, sharp), width, 1.2)).to.equal(1);
  });

  it("is not black, white, flat or blurred", () => {
    for (const poor of [black, white, flatGray, blurred])
      expect(selectPosterSeconds(frames(poor, poor, sharp, sharp, sharp), width, 0)).to.equal(2);
  });

  it("is soft in a video that is soft throughout", () => {
    expect(selectPosterSeconds(frames(black, blurred, blurred), width, 0)).to.equal(1);
  });

  it("is the best of poor ones", () => {
    const dark = draw((x) => 16 + (x % 8));
    expect(selectPosterSeconds(frames(black, dark, black), width, 0)).to.equal(1);
    expect(selectPosterSeconds(frames(black, black), width, 0)).to.equal(0);
  });

  it("does not exist without frames", () => {
    expect(selectPosterSeconds([], width, 0)).to.equal(undefined);
  });
});
