import { expect } from "chai";
import { isTerminal, jobStatuses } from "../../../pipeline/attempts/job-status.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";

describe("job status", () => {
  it("is terminal for Complete, Canceled and Error only", () => {
    expect(jobStatuses.filter(isTerminal)).to.deep.equal(["Complete", "Canceled", "Error"]);
  });
});

describe("a job failure", () => {
  it("is stored with the name of its code and without its cause", () => {
    const failure = new JobFailure(4002, "holiday.mp4 is cut short.", { cause: new Error("moov") });
    expect(failure.toJobError()).to.deep.equal({
      code: 4002,
      name: "BrokenMedia",
      message: "holiday.mp4 is cut short.",
      retryable: false,
    });
  });
});
