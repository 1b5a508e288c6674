import { mkdtemp, open, readFile, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createClient } from "../../runtime/client.ts";
import { startReelway } from "./program.ts";

const gibibyte = 2 ** 30;
/** 96 parts: what more parts need would show, and an upload of 6 GiB takes minutes of disk time. */
const fileBytes = 1.5 * gibibyte;
const maxRuntimeBytes = 200e6;

/** The peak of a process's resident memory, bytes. */
const readPeakMemory = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
};

describe("an upload of 1.5 GiB", function () {
  this.timeout(900_000);
  let root: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-large-"));
    const { bavail, bsize } = await statfs(root);
    expect(bavail * bsize, "free bytes for temporary files").to.be.above(3 * fileBytes);
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("takes the runtime less than 200 MB of memory", async () => {
    const path = join(root, "film.srt");
    const handle = await open(path, "w");
    await handle.truncate(fileBytes);
    // The last bytes are not a hole, so a lost end would be noticed.
    await handle.write("the end", fileBytes - 7);
    await handle.close();
    const runtime = await startReelway(join(root, "data"));
    try {
      const client = createClient({ port: runtime.port });
      const result = await client.upload(
        { path, key: "film.srt", bytes: fileBytes },
        {},
        { onProgress: () => undefined },
      );
      expect(result.key).to.equal("film.srt");
      expect(await readPeakMemory(runtime.child.pid)).to.be.below(maxRuntimeBytes);
      const end = await fetch(`http://127.0.0.1:${runtime.port}/input/film.srt`, {
        headers: { range: "bytes=-8" },
      });
      expect(end.headers.get("content-range")).to.equal(
        `bytes ${fileBytes - 8}-${fileBytes - 1}/${fileBytes}`,
      );
      expect(await end.text()).to.equal("\0the end");
    } finally {
      runtime.child.kill("SIGTERM");
      await runtime.exited;
    }
  });
});
