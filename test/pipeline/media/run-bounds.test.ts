import { expect } from "chai";
import type { Probe } from "../../../pipeline/media/probe.ts";
import { boundedArguments, runBounds } from "../../../pipeline/media/run-bounds.ts";

const limits = { maxSourceMinutes: 240, maxVideoPixels: 1, maxImagePixels: 1 };
const sound = { index: 0, codec: "aac", channels: 2, sampleRate: 48_000 };
const bounds = (probe: Omit<Probe, "formats">) => runBounds({ formats: ["mov"], ...probe }, limits, 21_600);

describe("the bounds of a run", () => {
  for (const [what, probe, expected] of [
    ["a short file", { durationSeconds: 2 }, { mediaSeconds: 64, wallSeconds: 720 }],
    [
      "a file whose sound says it is longer",
      { durationSeconds: 2, audio: { ...sound, durationSeconds: 30 } },
      { mediaSeconds: 120, wallSeconds: 2400 },
    ],
    ["a long file", { durationSeconds: 14_000 }, { mediaSeconds: 14_401, wallSeconds: 21_600 }],
    ["a file that says nothing", {}, { mediaSeconds: 14_401, wallSeconds: 21_600 }],
  ] as const)
    it(`follow what ${what} says`, () => {
      expect(bounds(probe)).to.deep.equal(expected);
    });

  it("stand at the output, where filters cannot pass them", () => {
    expect(boundedArguments(["-i", "in", "-f", "mp4", "out.mp4"], 64)).to.deep.equal([
      ..."-i in -f mp4 -t 64 out.mp4".split(" "),
    ]);
  });

  it("leave a run alone that makes one picture", () => {
    const words = ["-i", "in", "-frames:v", "1", "a.webp", "-frames:v", "1", "b.jpg"];
    expect(boundedArguments(words, 64)).to.deep.equal(words);
  });
});
