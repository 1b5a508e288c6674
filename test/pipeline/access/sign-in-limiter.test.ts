import { expect } from "chai";
import { createSignInLimiter } from "../../../pipeline/access/sign-in-limiter.ts";

describe("the limit of failed attempts to sign in", () => {
  let nowMs = 0;
  const createLimiter = () => {
    nowMs = Date.parse("2026-11-29T12:00:00Z");
    return createSignInLimiter({ now: () => new Date(nowMs) });
  };

  it("lets a name wait after five failures, until the first is 15 minutes old", () => {
    const limiter = createLimiter();
    for (let index = 0; index < 5; index += 1) {
      expect(limiter.getWaitSeconds("ann")).to.equal(0);
      limiter.recordFailure("ann");
      nowMs += 1000;
    }

    expect(limiter.getWaitSeconds("ann")).to.equal(895);
    expect(limiter.getWaitSeconds("bob")).to.equal(0);
    nowMs += 895_000;
    expect(limiter.getWaitSeconds("ann")).to.equal(0);
    limiter.recordFailure("ann");
    expect(limiter.getWaitSeconds("ann")).to.equal(1);
  });

  it("forgets the failures of a name that signs in", () => {
    const limiter = createLimiter();
    for (let index = 0; index < 4; index += 1) limiter.recordFailure("ann");
    limiter.recordSuccess("ann");
    limiter.recordFailure("ann");

    expect(limiter.getWaitSeconds("ann")).to.equal(0);
  });

  it("lets all names wait after a hundred failures", () => {
    const limiter = createLimiter();
    for (let index = 0; index < 100; index += 1) limiter.recordFailure(`name ${index}`);

    expect(limiter.getWaitSeconds("ann")).to.equal(900);
    nowMs += 900_000;
    expect(limiter.getWaitSeconds("ann")).to.equal(0);
  });
});
