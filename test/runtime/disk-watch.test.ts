import { tmpdir } from "node:os";
import { expect } from "chai";
import { getPauseThresholdBytes, isDiskFull, startDiskWatch } from "../../runtime/disk-watch.ts";

const gibibyte = 2 ** 30;

describe("the disk watch", () => {
  it("pauses below 512 MiB, or below 4 % of a smaller volume", () => {
    expect(getPauseThresholdBytes({ totalBytes: 100 * gibibyte })).to.equal(512 * 2 ** 20);
    expect(getPauseThresholdBytes({ totalBytes: gibibyte })).to.be.closeTo(0.04 * gibibyte, 1);
  });

  it("resumes with a quarter more than the limit", () => {
    const volume = (freeBytes: number) => ({ freeBytes, totalBytes: 100 * gibibyte });
    const bound = 512 * 2 ** 20;
    expect(isDiskFull(volume(bound - 1), false)).to.equal(true);
    expect(isDiskFull(volume(bound), false)).to.equal(false);
    expect(isDiskFull(volume(1.25 * bound - 1), true)).to.equal(true);
    expect(isDiskFull(volume(1.25 * bound), true)).to.equal(false);
  });

  it("allows work if the volume cannot be read, and after it is closed", async () => {
    const notices: string[] = [];
    const watch = await startDiskWatch({
      directory: `${tmpdir()}/no/such/folder`,
      onFull: () => notices.push("full"),
      onSpaceAvailable: () => notices.push("room"),
    });
    expect(watch.isFull()).to.equal(false);
    await watch.waitForSpace();
    watch.close();
    await watch.waitForSpace();
    expect(notices).to.deep.equal([]);
  });
});
