import { expect } from "chai";
import { takePasswordAttempt, takeProviderAttempt } from "../../../pipeline/access/sign-in-limit.ts";
import { createMemoryRateLimiter } from "../../runtime/server/rate-limiter.ts";

describe("the limit of attempts to sign in", () => {
  const createLimiter = () => {
    let nowMs = Date.parse("2026-11-29T12:05:00Z");
    const limiter = createMemoryRateLimiter({ now: () => new Date(nowMs) });
    return {
      limiter,
      attempt: (name: string, address: string) => takePasswordAttempt(limiter, name, address),
      wait: (seconds: number) => {
        nowMs += 1000 * seconds;
      },
    };
  };

  it("is ten per name and address, in any spelling of the name, until the window ends", async () => {
    const { attempt, wait } = createLimiter();
    for (let index = 0; index < 10; index += 1)
      expect(await attempt(index % 2 === 0 ? "ann" : "ANN", "192.0.2.1")).to.equal(0);

    expect(await attempt("Ann", "192.0.2.1")).to.equal(600);
    expect(await attempt("ann", "192.0.2.2")).to.equal(0);
    expect(await attempt("bob", "192.0.2.1")).to.equal(0);
    wait(600);
    expect(await attempt("ann", "192.0.2.1")).to.equal(0);
  });

  it("does not let one address lock a user out elsewhere", async () => {
    const { attempt } = createLimiter();
    for (let index = 0; index < 1000; index += 1) await attempt("ann", "192.0.2.1");

    expect(await attempt("ann", "192.0.2.2")).to.equal(0);
  });

  it("is a hundred per address, over all names", async () => {
    const { attempt } = createLimiter();
    for (let index = 0; index < 100; index += 1)
      expect(await attempt(`user ${index}`, "192.0.2.1")).to.equal(0);

    expect(await attempt("ann", "192.0.2.1")).to.equal(600);
    expect(await attempt("ann", "192.0.2.2")).to.equal(0);
  });

  it("is a hundred per name, over all addresses", async () => {
    const { attempt } = createLimiter();
    for (let index = 0; index < 100; index += 1) expect(await attempt("ann", `192.0.2.${index}`)).to.equal(0);

    expect(await attempt("ann", "198.51.100.1")).to.equal(600);
    expect(await attempt("bob", "198.51.100.1")).to.equal(0);
  });

  it("at an identity provider is a hundred per address", async () => {
    const { limiter } = createLimiter();
    for (let index = 0; index < 100; index += 1)
      expect(await takeProviderAttempt(limiter, "192.0.2.1")).to.equal(0);

    expect(await takeProviderAttempt(limiter, "192.0.2.1")).to.equal(600);
    expect(await takeProviderAttempt(limiter, "192.0.2.2")).to.equal(0);
  });
});
