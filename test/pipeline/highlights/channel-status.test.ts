import { expect } from "chai";
import { describeUndetected, removeExpiredCap } from "../../../pipeline/highlights/channel-status.ts";

describe("the status of a channel at a cap", () => {
  const resetsAt = Date.UTC(2026, 10, 30, 14) / 1000;
  const decision = { isAllowed: false, cap: "maxDetectionsPerHour", resetsAt } as const;

  it("is capped until the count begins again, also after frames that were detected", () => {
    const capped = describeUndetected([{ kind: "capped", decision }], undefined, resetsAt - 600);
    expect(capped).to.include({ name: "capped", capResetsAt: resetsAt });

    expect(describeUndetected([], capped, resetsAt - 1)).to.equal(capped);
    expect(describeUndetected([], capped, resetsAt)).to.equal(undefined);
    const problems = capped === undefined ? {} : { detection: capped };
    expect(removeExpiredCap(problems, resetsAt - 1)).to.equal(problems);
    expect(removeExpiredCap(problems, resetsAt)).to.deep.equal({});
  });
});
