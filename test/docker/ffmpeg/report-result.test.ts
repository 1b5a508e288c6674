import { expect } from "chai";
import { reportResult } from "../../../docker/ffmpeg/attempt/report-result.ts";
import type { AttemptStore } from "../../../pipeline/jobs/attempt.ts";

describe("the report of an attempt", () => {
  const report = { outputs: [], warnings: [] };
  const policy = { retries: 2, minDelayMs: 0 };
  /** Reports to a store that fails some calls, and answers the outcome and what was logged. */
  const reportTo = async (store: Partial<AttemptStore>) => {
    const logged: unknown[] = [];
    const log = {
      info: () => undefined,
      warn: (_message: string, details?: unknown) => void logged.push(details),
      error: () => undefined,
    };
    const unused = () => Promise.reject(new Error("not a part of this test"));
    const attemptStore: AttemptStore = {
      begin: unused,
      recordProgress: unused,
      recordPhase: unused,
      recordReport: unused,
      readReport: unused,
      ...store,
    };
    return { outcome: await reportResult({ attemptStore, log }, report, policy), logged };
  };
  const unreachable = new Error("no answer");

  it("is written again after a lost answer, and is found to be there", async () => {
    let writes = 0;
    const { outcome } = await reportTo({
      recordReport: async () => {
        writes += 1;
        if (writes === 1) throw unreachable;
        return false;
      },
      readReport: async () => report,
    });

    expect({ outcome, writes }).to.deep.equal({ outcome: "reported", writes: 2 });
  });

  it("is lost where the record has another", async () => {
    const error = { code: 4002, name: "BrokenMedia", message: "cut short", retryable: false };
    const { outcome } = await reportTo({
      recordReport: async () => false,
      readReport: async () => ({ ...report, error }),
    });

    expect(outcome).to.equal("lost");
  });

  it("is unknown after the last retry, each of which is logged", async () => {
    const { outcome, logged } = await reportTo({ recordReport: () => Promise.reject(unreachable) });

    expect(outcome).to.equal("unknown");
    expect(logged).to.deep.equal([2, 1, 0].map((retriesLeft) => ({ error: unreachable, retriesLeft })));
  });
});
