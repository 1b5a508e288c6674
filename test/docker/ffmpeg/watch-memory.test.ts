import { expect } from "chai";
import sinon from "sinon";
import {
  type MemoryUsage,
  readLinuxMemory,
  readPsMemory,
  selectMemoryReader,
  watchMemory,
} from "../../../docker/ffmpeg/programs/watch-memory.ts";

describe("the memory watch", () => {
  it("reports a process over the limit once and stops", async () => {
    const readings = [10, 50, 101, 200];
    let reads = 0;
    const exceeded = await new Promise<MemoryUsage>((resolve) => {
      const watch = watchMemory({
        pid: 1,
        maxBytes: 100,
        intervalMs: 1,
        read: async () => {
          reads += 1;
          return { dataBytes: 2, residentBytes: readings[reads - 1] ?? 0 };
        },
        onExceeded: () => resolve(watch.getPeak()),
      });
    });

    expect(exceeded).to.deep.equal({ dataBytes: 2, residentBytes: 101 });
    expect(reads).to.equal(3);
  });

  it("ends with the process, or when stopped", async () => {
    let readProcess: (() => void) | undefined;
    const read = new Promise<void>((resolve) => {
      readProcess = resolve;
    });
    const options = { pid: 1, maxBytes: 1, intervalMs: 1, onExceeded: () => expect.fail("too early") };
    watchMemory({
      ...options,
      read: async () => {
        readProcess?.();
        return undefined;
      },
    });
    const stopped = watchMemory({ ...options, read: async () => ({ dataBytes: 9, residentBytes: 9 }) });
    stopped.stop();
    await read;

    expect(stopped.getPeak()).to.deep.equal({ dataBytes: 0, residentBytes: 0 });
  });

  it("reads less often after the start of a process", async () => {
    const clock = sinon.useFakeTimers();
    try {
      let reads = 0;
      const watch = watchMemory({
        pid: 1,
        maxBytes: 1,
        intervalMs: 50,
        maxIntervalMs: 200,
        read: async () => {
          reads += 1;
          return { dataBytes: 0, residentBytes: 0 };
        },
        onExceeded: () => expect.fail("too early"),
      });
      const countReads = async (ms: number): Promise<number> => {
        const before = reads;
        await clock.tickAsync(ms);
        return reads - before;
      };

      expect(await countReads(500)).to.equal(10);
      await clock.tickAsync(9500);
      expect(await countReads(1000)).to.equal(5);
      watch.stop();
    } finally {
      clock.restore();
    }
  });

  it("reads this process through /proc if present, and through ps everywhere", async () => {
    const { read } = selectMemoryReader(process.platform);
    for (const reader of [read, readPsMemory])
      expect((await reader(process.pid))?.residentBytes).to.be.within(10 * 2 ** 20, 16 * 2 ** 30);
  });

  it("returns undefined for a process that is gone", async () => {
    for (const reader of [readLinuxMemory, readPsMemory]) expect(await reader(2 ** 30)).to.equal(undefined);
  });

  it("uses /proc on Linux and ps on other systems", () => {
    expect(selectMemoryReader("linux").read).to.equal(readLinuxMemory);
    expect(selectMemoryReader("darwin").read).to.equal(readPsMemory);
  });
});
