import { expect } from "chai";
import { startHeartbeat } from "../../../docker/ffmpeg/attempt/heartbeat.ts";

describe("the heartbeat", () => {
  /** An attempt store whose writes complete on request. */
  const createStore = () => {
    const writes: { readonly percent: number; readonly end: (isCurrent: boolean) => void }[] = [];
    const recordPhase = ({ percent }: { readonly percent: number }): Promise<boolean> =>
      new Promise((resolve) => writes.push({ percent, end: resolve }));
    return { writes, recordPhase };
  };
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it("has one write at a time, with the progress of its beginning, and stops after the last", async () => {
    const { writes, recordPhase } = createStore();
    let percent = 1;
    let lost = 0;
    const heartbeat = startHeartbeat({
      attemptStore: { recordPhase } as never,
      log: { info: () => {}, warn: () => {}, error: () => {} },
      getProgress: () => ({ percent, phase: "encoding" }),
      onLost: () => {
        lost += 1;
      },
      onUnreachable: () => {},
      periodSeconds: 3600,
    });
    const results = [heartbeat.recordPhase(), heartbeat.recordPhase()];
    let isStopped = false;
    const stopped = heartbeat.stop().then(() => {
      isStopped = true;
    });
    await turn();
    expect(writes).to.have.length(1);

    percent = 2;
    writes[0]?.end(true);
    await turn();
    expect(writes.map((write) => write.percent)).to.deep.equal([1, 2]);
    expect(isStopped).to.equal(false);

    writes[1]?.end(false);
    await stopped;
    expect(await Promise.all(results)).to.deep.equal([true, false]);
    expect(lost).to.equal(1);
  });
});
