import { expect } from "chai";
import { buildMemoryFailure, hasHitMemoryLimit } from "../../../docker/ffmpeg/failures/memory-failure.ts";
import type { ChildResult } from "../../../docker/ffmpeg/programs/child.ts";

const limit = { dataBytes: 1000, residentBytes: 1000, isLimitedByTask: false };
const taskLimit = { dataBytes: 3 * 2 ** 30, residentBytes: 2 * 2 ** 30, isLimitedByTask: true };
const buildResult = (changes: Partial<ChildResult>): ChildResult => ({
  code: 0,
  signal: null,
  timedOut: false,
  memoryExceeded: false,
  peakMemory: { dataBytes: 0, residentBytes: 0 },
  log: "",
  ...changes,
});
const half = { dataBytes: 550, residentBytes: 10 };
const crash = { code: null, signal: "SIGSEGV" } as const;

describe("the memory limit of a media process", () => {
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
  for (const [title, result, isExpected] of cases)
    it(`is ${isExpected ? "" : "not "}detected in a process that ${title}`, () => {
      expect(hasHitMemoryLimit(buildResult(result), limit)).to.equal(isExpected);
    });

  it("is not detected in damaged media that uses much of the task's memory", () => {
    const peakMemory = { dataBytes: 1.6 * 2 ** 30, residentBytes: 1.6 * 2 ** 30 };

    expect(hasHitMemoryLimit(buildResult({ code: 1, peakMemory }), taskLimit)).to.equal(false);
  });

  it("blames the file, or says how the task gets more memory", () => {
    const run = { program: "ffmpeg", name: "a.mov", recipe: "ladder" } as const;
    const [ownLimitFailure, taskLimitFailure] = [
      buildMemoryFailure(run, limit),
      buildMemoryFailure(run, taskLimit),
    ];

    expect({
      ownCode: ownLimitFailure.code,
      ownRetryable: ownLimitFailure.retryable,
      ofTaskCode: taskLimitFailure.code,
      ofTaskRetryable: taskLimitFailure.retryable,
    }).to.deep.equal({ ownCode: 4007, ownRetryable: false, ofTaskCode: 4005, ofTaskRetryable: false });
    expect(ownLimitFailure.message).to.match(/for a\.mov, .* damaged or crafted to exhaust memory/);
    expect(ownLimitFailure.message).to.not.include("taskSizes.");
    expect(taskLimitFailure.message).to.match(
      /exceeded the task memory of 2\.0 GiB while processing a\.mov.* raise taskSizes\.ladder/,
    );
  });
});
