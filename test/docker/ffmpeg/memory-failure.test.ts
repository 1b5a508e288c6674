import { expect } from "chai";
import type { ChildResult } from "../../../docker/ffmpeg/child.ts";
import { buildMemoryFailure, hasHitMemoryLimit } from "../../../docker/ffmpeg/memory-failure.ts";

const limit = { dataBytes: 1000, residentBytes: 1000, isLimitedByTask: false };
const taskLimit = { dataBytes: 3 * 2 ** 30, residentBytes: 2 * 2 ** 30, isLimitedByTask: true };
const ended = (end: Partial<ChildResult>): ChildResult => ({
  code: 0,
  signal: null,
  timedOut: false,
  memoryExceeded: false,
  peakMemory: { dataBytes: 0, residentBytes: 0 },
  log: "",
  ...end,
});
const half = { dataBytes: 550, residentBytes: 10 };
const crash = { code: null, signal: "SIGSEGV" } as const;

describe("a media process that meets its memory limit", () => {
  const cases: readonly (readonly [string, Partial<ChildResult>, boolean])[] = [
    ["was killed for it", { ...crash, memoryExceeded: true }, true],
    ["says so", { code: 1, log: "[error] Cannot allocate memory" }, true],
    ["is told so by x264", { code: 1, log: "x264 [error]: malloc of size 12 failed" }, true],
    ["crashed close to it", { ...crash, peakMemory: half }, true],
    ["failed close to it without a word", { code: 69, peakMemory: half }, true],
    ["dropped frames for it", { log: "Cannot allocate memory", peakMemory: half }, true],
    ["crashed far from it", crash, false],
    ["failed for another reason", { code: 1, log: "Invalid data found" }, false],
    ["worked around a box of impossible size", { log: "Cannot allocate memory" }, false],
    ["ended well close to it", { peakMemory: half }, false],
  ];
  for (const [what, end, hit] of cases)
    it(`is ${hit ? "" : "not "}seen in one that ${what}`, () => {
      expect(hasHitMemoryLimit(ended(end), limit)).to.equal(hit);
    });

  it("is not seen in damaged media that takes much of its task's memory", () => {
    const peakMemory = { dataBytes: 1.6 * 2 ** 30, residentBytes: 1.6 * 2 ** 30 };

    expect(hasHitMemoryLimit(ended({ code: 1, peakMemory }), taskLimit)).to.equal(false);
  });

  it("blames the file, or says how its task gets more", () => {
    const what = { program: "ffmpeg", name: "a.mov", recipe: "ladder" } as const;
    const [own, ofTask] = [buildMemoryFailure(what, limit), buildMemoryFailure(what, taskLimit)];

    expect({
      ownCode: own.code,
      ownRetryable: own.retryable,
      ofTaskCode: ofTask.code,
      ofTaskRetryable: ofTask.retryable,
    }).to.deep.equal({ ownCode: 4007, ownRetryable: false, ofTaskCode: 4005, ofTaskRetryable: false });
    expect(own.message).to.match(/for a\.mov, .* damaged or crafted to exhaust memory/);
    expect(own.message).to.not.include("taskSizes.");
    expect(ofTask.message).to.match(
      /exceeded the task memory of 2\.0 GiB while processing a\.mov.* raise taskSizes\.ladder/,
    );
  });
});
