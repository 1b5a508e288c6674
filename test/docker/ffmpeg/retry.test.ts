import { expect } from "chai";
import sinon, { type SinonFakeTimers } from "sinon";
import { defaultRetryPolicy, retryTransient } from "../../../docker/ffmpeg/failures/retry.ts";
import { JobFailure } from "../../../pipeline/errors/job-error.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";

describe("retries of the worker", () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => clock.restore());

  it("end with the last failure, after seven retries and about a minute", async () => {
    let calls = 0;
    const result = retryTransient(
      async () => {
        calls += 1;
        throw new StoreFailure("transient", `call ${calls} timed out`);
      },
      { policy: defaultRetryPolicy },
    ).catch(String);
    await clock.runAllAsync();

    expect(await result).to.equal("StoreFailure: call 8 timed out");
    // 50 ms × 3ⁿ, at most 30 s each, up to twice as long with the jitter.
    expect(clock.now).to.be.within(48_000, 84_000);
  });

  it("wait longer before each further call", async () => {
    const calledAtMs: number[] = [];
    const result = retryTransient(
      async () => {
        calledAtMs.push(clock.now);
        throw new Error("no answer");
      },
      { policy: { retries: 3, minDelayMs: 100 } },
    ).catch(String);
    await clock.runAllAsync();
    await result;

    const delaysMs = calledAtMs.slice(1).map((time, index) => time - (calledAtMs[index] ?? 0));
    expect(delaysMs).to.have.length(3);
    for (const [index, delayMs] of delaysMs.entries())
      expect(delayMs).to.be.within(100 * 3 ** index, 200 * 3 ** index);
  });

  it("end at once by the signal, with its reason", async () => {
    const abortController = new AbortController();
    let calls = 0;
    const result = retryTransient(
      async () => {
        calls += 1;
        throw new Error("no answer");
      },
      { policy: { retries: 5, minDelayMs: 60_000 }, signal: abortController.signal },
    ).catch(String);
    await clock.tickAsync(1);
    abortController.abort(new Error("the task was stopped"));

    expect(await result).to.equal("Error: the task was stopped");
    expect({ calls, elapsedMs: clock.now, timers: clock.countTimers() }).to.deep.equal({
      calls: 1,
      elapsedMs: 1,
      timers: 0,
    });
  });

  it("do not follow what another call would meet again", async () => {
    let calls = 0;
    const result = await retryTransient(
      async () => {
        calls += 1;
        throw new JobFailure(4002, "a.mp4 is cut short.");
      },
      { policy: defaultRetryPolicy },
    ).catch(String);

    expect({ result, calls }).to.deep.equal({ result: "BrokenMedia: a.mp4 is cut short.", calls: 1 });
  });
});
