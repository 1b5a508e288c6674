import { expect } from "chai";
import { computeRetryDelaySeconds, retryPeriodSeconds } from "../../../pipeline/webhooks/retry-schedule.ts";

/** The ages of the attempts of a delivery that always fails, seconds. */
const listAttempts = (random: number): readonly number[] => {
  const ages = [0];
  for (;;) {
    const age = ages.at(-1) ?? 0;
    const delay = computeRetryDelaySeconds(ages.length, age, random);
    if (delay === undefined) return ages;
    ages.push(age + delay);
  }
};

describe("the retries of a webhook", () => {
  it("grow from five seconds to four hours, and the last is after a day", () => {
    const ages = listAttempts(0.5);

    expect(ages.slice(0, 8)).to.deep.equal([0, 5, 25, 105, 425, 1705, 6825, 21_225]);
    expect(ages.at(-1)).to.equal(retryPeriodSeconds);
    expect(ages).to.have.length(13);
  });

  it("vary by a fifth, and never last longer than a day", () => {
    expect([0, 1].map((random) => computeRetryDelaySeconds(2, 0, random))).to.deep.equal([16, 24]);
    for (const random of [0, 0.3, 1]) expect(listAttempts(random).at(-1)).to.equal(retryPeriodSeconds);
    expect(computeRetryDelaySeconds(3, retryPeriodSeconds + 1, 0.5)).to.equal(undefined);
  });

  it("stay finite for a message that was received a hundred times", () => {
    expect(computeRetryDelaySeconds(100, 0, 1)).to.equal(17_280);
  });
});
