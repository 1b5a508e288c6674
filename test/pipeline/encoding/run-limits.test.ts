import { expect } from "chai";
import {
  computeImageTimeoutSeconds,
  computeRunLimits,
  estimateMaxSeconds,
  limitOutputDuration,
} from "../../../pipeline/encoding/run-limits.ts";
import type { Probe } from "../../../pipeline/media/probe.ts";

const limits = { maxSourceMinutes: 240, maxVideoPixels: 1, maxImagePixels: 1 };
const audio = { index: 0, codec: "aac", channels: 2, sampleRate: 48_000 };
const bounds = (probe: Omit<Probe, "formats">) =>
  computeRunLimits({ formats: ["mov"], ...probe }, limits, 21_600);

describe("run limits", () => {
  for (const [title, probe, expected] of [
    ["a short file", { durationSeconds: 2 }, { maxMediaSeconds: 64, timeoutSeconds: 720 }],
    [
      "a file whose sound says it is longer",
      { durationSeconds: 2, audio: { ...audio, durationSeconds: 30 } },
      { maxMediaSeconds: 120, timeoutSeconds: 2400 },
    ],
    ["a long file", { durationSeconds: 14_000 }, { maxMediaSeconds: 14_401, timeoutSeconds: 21_600 }],
    ["a file of 257 bytes that says nothing", { bytes: 257 }, { maxMediaSeconds: 65, timeoutSeconds: 724 }],
    ["a file of 15 kB that says nothing", { bytes: 15_000 }, { maxMediaSeconds: 300, timeoutSeconds: 7800 }],
    [
      "a large file that says nothing",
      { bytes: 2 ** 30 },
      { maxMediaSeconds: 14_401, timeoutSeconds: 21_600 },
    ],
    ["a file of unknown size", {}, { maxMediaSeconds: 14_401, timeoutSeconds: 21_600 }],
  ] as const)
    it(`follow the duration in ${title}`, () => {
      expect(bounds(probe)).to.deep.equal(expected);
    });

  for (const [title, probe, expected] of [
    ["what it declares, however few its bytes", { durationSeconds: 3600, bytes: 257 }, 3600],
    ["what its bytes hold at 1 kbit/s", { bytes: 1_000_000 }, 8000],
    ["at most the limit, by its bytes", { bytes: 2 ** 40 }, 14_401],
    ["at most the limit, by its declaration", { durationSeconds: 1e9, bytes: 257 }, 14_401],
  ] as const)
    it(`limit a source to ${title}`, () => {
      expect(estimateMaxSeconds({ formats: ["matroska"], ...probe }, limits)).to.equal(expected);
    });

  it("give a still image a minute, and an animation a second more for each million pixels", () => {
    expect([computeImageTimeoutSeconds(0), computeImageTimeoutSeconds(2_500_000)]).to.deep.equal([60, 63]);
  });

  it("apply to the output, after the filters", () => {
    expect(limitOutputDuration(["-i", "in", "-f", "mp4", "out.mp4"], 64)).to.deep.equal([
      ..."-i in -f mp4 -t 64 out.mp4".split(" "),
    ]);
  });

  it("do not apply to a run that produces one image", () => {
    const args = ["-i", "in", "-frames:v", "1", "a.webp", "-frames:v", "1", "b.jpg"];
    expect(limitOutputDuration(args, 64)).to.deep.equal(args);
  });
});
