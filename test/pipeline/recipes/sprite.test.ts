import { expect } from "chai";
import fc from "fast-check";
import { buildSpriteCues, planSprite } from "../../../pipeline/recipes/sprite.ts";

describe("a sprite sheet", () => {
  const side = fc.integer({ min: 16, max: 8192 });
  const seconds = fc.double({ min: 0, max: 100_000, noNaN: true });

  it("holds at most a hundred even images of the source's shape, covering the clip", () => {
    fc.assert(
      fc.property(
        seconds,
        fc.double({ min: 0.5, max: 600, noNaN: true }),
        fc.record({ width: side, height: side }),
        (length, intervalSeconds, frame) => {
          const sprite = planSprite(length, intervalSeconds, frame);
          expect(sprite.tileCount).to.be.within(1, 100);
          expect(sprite.intervalSeconds).to.be.at.least(intervalSeconds);
          expect(sprite.tileCount * sprite.intervalSeconds).to.be.at.least(length - 1e-6);
          expect(sprite.columns * sprite.rows).to.be.within(sprite.tileCount, sprite.tileCount + 9);
          expect([sprite.tile.width % 2, sprite.tile.height % 2]).to.deep.equal([0, 0]);
          expect(Math.max(sprite.tile.width, sprite.tile.height)).to.equal(160);
        },
      ),
    );
  });

  it("has consecutive cues from start to end, each with its own region", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.04, max: 100_000, noNaN: true }), (length) => {
        const sprite = planSprite(length, 5, { width: 640, height: 360 });
        const text = buildSpriteCues(sprite, length, "sprite.jpg");
        const cues = [...text.matchAll(/^(\S+) --> (\S+)\nsprite\.jpg#xywh=(\d+),(\d+),160,90$/gm)];
        expect(cues).to.have.length(sprite.tileCount);
        expect(cues[0]?.[1]).to.equal("00:00:00.000");
        expect(new Set(cues.map(([, , , x, y]) => `${x},${y}`)).size).to.equal(sprite.tileCount);
        for (const [index, cue] of cues.entries()) {
          expect(cue[1]?.localeCompare(cue[2] ?? "")).to.equal(-1);
          const next = cues[index + 1];
          if (next !== undefined) expect(next[1]).to.equal(cue[2]);
          expect(Number(cue[3])).to.be.at.most((sprite.columns - 1) * 160);
          expect(Number(cue[4])).to.be.at.most((sprite.rows - 1) * 90);
        }
      }),
    );
  });

  it("is described in WebVTT", () => {
    const sprite = planSprite(3723.5, 60, { width: 1920, height: 1080 });

    expect(buildSpriteCues(sprite, 3723.5, "s.jpg").split("\n").slice(0, 4)).to.deep.equal([
      "WEBVTT",
      "",
      "00:00:00.000 --> 00:01:00.000",
      "s.jpg#xywh=0,0,160,90",
    ]);
    expect(buildSpriteCues(sprite, 3723.5, "s.jpg").trimEnd().split("\n").at(-2)).to.equal(
      "01:02:00.000 --> 01:02:03.500",
    );
  });
});
