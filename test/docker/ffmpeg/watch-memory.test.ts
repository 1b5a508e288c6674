import { expect } from "chai";
import {
  type MemoryUse,
  memoryReader,
  readLinuxMemory,
  readPsMemory,
  watchMemory,
} from "../../../docker/ffmpeg/watch-memory.ts";

describe("the memory watch", () => {
  it("says once that a process holds too much, and looks no more", async () => {
    const readings = [10, 50, 101, 200];
    let reads = 0;
    const exceeded = await new Promise<MemoryUse>((resolve) => {
      const watch = watchMemory({
        pid: 1,
        maxBytes: 100,
        intervalMs: 1,
        read: async () => {
          reads += 1;
          return { data: 2, resident: readings[reads - 1] ?? 0 };
        },
        onExceeded: () => resolve(watch.peak()),
      });
    });

    expect(exceeded).to.deep.equal({ data: 2, resident: 101 });
    expect(reads).to.equal(3);
  });

  it("ends with the process, or when it is stopped", async () => {
    let gone: (() => void) | undefined;
    const read = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const options = { pid: 1, maxBytes: 1, intervalMs: 1, onExceeded: () => expect.fail("too early") };
    watchMemory({
      ...options,
      read: async () => {
        gone?.();
        return undefined;
      },
    });
    const stopped = watchMemory({ ...options, read: async () => ({ data: 9, resident: 9 }) });
    stopped.stop();
    await read;

    expect(stopped.peak()).to.deep.equal({ data: 0, resident: 0 });
  });

  it("reads this very process by /proc where that is, and by ps everywhere", async () => {
    const { read } = memoryReader(process.platform);
    for (const reader of [read, readPsMemory])
      expect((await reader(process.pid))?.resident).to.be.within(10 * 2 ** 20, 16 * 2 ** 30);
  });

  it("knows nothing of a process that is gone", async () => {
    for (const reader of [readLinuxMemory, readPsMemory]) expect(await reader(2 ** 30)).to.equal(undefined);
  });

  it("asks Linux itself, and ps on other systems", () => {
    expect(memoryReader("linux").read).to.equal(readLinuxMemory);
    expect(memoryReader("darwin").read).to.equal(readPsMemory);
  });
});
