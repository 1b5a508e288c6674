import { expect } from "chai";
import sinon, { type SinonFakeTimers } from "sinon";
import type { ItemStore } from "../../../adapters/aws/item-store.ts";
import { createResourceStore } from "../../../adapters/aws/resource-store.ts";
import { pipelineResource, toResourceItem } from "../../../adapters/aws/transcoder-item.ts";
import { StoreFailure } from "../../../pipeline/ports/store-failure.ts";
import { pipeline } from "../../lambdas/transcoder-api/service.ts";

describe("an update of a pipeline", () => {
  let clock: SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => clock.restore());

  /** A store whose first updates meet another change. */
  const openStore = (conflicts: number) => {
    const updatedAtMs: number[] = [];
    const item = toResourceItem(pipelineResource, pipeline);
    const items: Pick<ItemStore, "get" | "update"> = {
      get: async () => item,
      update: async () => {
        updatedAtMs.push(clock.now);
        return updatedAtMs.length > conflicts ? item : undefined;
      },
    };
    return { store: createResourceStore(items as ItemStore, pipelineResource), updatedAtMs };
  };
  const pause = (store: ReturnType<typeof openStore>["store"]) =>
    store
      .update(pipeline.Id, (entry) => ({ ...entry, Status: "Paused" }))
      .catch((failure: unknown) => failure);

  it("is repeated after a growing delay where another change came first", async () => {
    const { store, updatedAtMs } = openStore(2);
    const updated = pause(store);
    await clock.runAllAsync();

    expect(await updated).to.deep.include({ Id: pipeline.Id, Status: "Paused" });
    const [first = 0, second = 0, third = 0] = updatedAtMs;
    expect(second - first).to.be.within(10, 20);
    expect(third - second).to.be.within(20, 40);
  });

  it("ends after nine attempts with an error that names the pipeline", async () => {
    const { store, updatedAtMs } = openStore(Number.POSITIVE_INFINITY);
    const updated = pause(store);
    await clock.runAllAsync();

    const failure = await updated;
    expect(failure).to.be.instanceOf(StoreFailure).and.include({ kind: "precondition" });
    expect(String(failure)).to.equal(
      `StoreFailure: The pipeline ${pipeline.Id} was changed by another request at each of 9 attempts to update it. Try again.`,
    );
    expect(updatedAtMs).to.have.length(9);
  });
});
