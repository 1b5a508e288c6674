import { expect } from "chai";
import {
  type ErrorCode,
  isMediaFailure,
  isPermanentFailure,
  JobFailure,
} from "../../../pipeline/errors/job-error.ts";

const fail = (code: ErrorCode, retryable = false) => new JobFailure(code, "It failed.", { retryable });

describe("kinds of failures", () => {
  it("are permanent if another attempt would repeat them", () => {
    expect([fail(4002), fail(3003), fail(9000)].every(isPermanentFailure)).to.equal(true);
    expect([fail(9000, true), new Error("It failed."), undefined].some(isPermanentFailure)).to.equal(false);
  });

  it("are of the media if they are permanent and have one of its codes", () => {
    expect([fail(4000), fail(4005), fail(4015)].every(isMediaFailure)).to.equal(true);
    expect([fail(4005, true), fail(3003), fail(9000), fail(1000)].some(isMediaFailure)).to.equal(false);
  });
});
