import { expect } from "chai";
import sinon from "sinon";
import { createMemoryAppearanceStore } from "../../../adapters/local/memory-appearance-store.ts";
import { LeaseLostError, leaseSeconds, takeLease } from "../../../pipeline/highlights/channel-lease.ts";

describe("the lease of a channel", () => {
  let timers: sinon.SinonFakeTimers;
  beforeEach(() => {
    timers = sinon.useFakeTimers({ now: Date.UTC(2026, 10, 21, 12) });
  });
  afterEach(() => timers.restore());

  const take = async () => {
    const store = createMemoryAppearanceStore({ now: () => new Date() });
    const lease = await takeLease(store, { now: () => new Date() }, "news", "first");
    if (lease === undefined) throw new Error("The lease is held.");
    return { store, lease };
  };
  /** Resolves after a time, or rejects when it is aborted. */
  const work = (seconds: number) => (signal: AbortSignal) =>
    new Promise<string>((resolve, reject) => {
      setTimeout(() => resolve("done"), seconds * 1000);
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });

  it("lasts as long as an operation that is longer than it", async () => {
    const { store, lease } = await take();
    const result = lease.hold(work(4 * leaseSeconds));

    for (let step = 0; step < 4; step += 1) {
      await timers.tickAsync(leaseSeconds * 1000 - 1);
      expect(await store.acquireLease("news", "second", leaseSeconds)).to.equal(undefined);
    }
    await timers.tickAsync(10);

    expect(await result).to.equal("done");
    expect(timers.countTimers()).to.equal(0);
  });

  it("ends an operation if another watcher has taken it", async () => {
    const { store, lease } = await take();
    await store.releaseLease(lease.current);
    await store.acquireLease("news", "second", leaseSeconds);

    const result = lease.hold(work(600)).catch((cause: unknown) => cause);
    await timers.tickAsync(leaseSeconds * 1000);

    expect(await result).to.be.instanceOf(LeaseLostError);
  });

  it("ends an operation with the run's signal", async () => {
    const { lease } = await take();
    const controller = new AbortController();
    const result = lease.hold(work(600), controller.signal).catch((cause: unknown) => cause);

    controller.abort(new Error("the run ends"));

    expect(String(await result)).to.equal("Error: the run ends");
  });
});
