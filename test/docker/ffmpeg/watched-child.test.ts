import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { computeFolderFingerprint } from "../../../docker/ffmpeg/folder-fingerprint.ts";
import { runWatchedChild, type WatchedChildOptions } from "../../../docker/ffmpeg/watched-child.ts";
import { capabilitiesMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";

/** A program that acts every tenth of a second, longer than it may be idle, and then ends well. */
const busy = (act: string): string => `n=0; while [ $n -lt 15 ]; do ${act}; sleep 0.1; n=$((n + 1)); done`;
const silent = "exec sleep 600";

describe("the watch over a program", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "reelway-watch-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (script: string, limits: Partial<WatchedChildOptions["limits"]> = {}) =>
    runWatchedChild("/bin/sh", ["-c", script], {
      signal: new AbortController().signal,
      graceSeconds: 0.2,
      memory: capabilitiesMemoryLimit,
      cwd: folder,
      limits: {
        workSeconds: 600,
        stallSeconds: 1,
        computeFingerprint: () => computeFolderFingerprint(folder),
        ...limits,
      },
      createListeners: ({ advance }) => ({ onLog: advance }),
    });

  it("ends one that does nothing", async () => {
    expect(await run(silent)).to.include({ exceededLimit: "stalled", signal: "SIGTERM", timedOut: false });
  });

  it("kills one that does nothing and will not end", async () => {
    const end = await run(`trap "" TERM; ${silent}`);
    expect(end).to.include({ exceededLimit: "stalled", signal: "SIGKILL" });
  });

  it("ends one that takes too long, whatever it does", async () => {
    const end = await run("while true; do echo packet >&2; sleep 0.1; done", { workSeconds: 0.5 });
    expect(end).to.include({ exceededLimit: "timeout", signal: "SIGTERM" });
  });

  for (const [what, script, limits] of [
    ["tells of its packets", busy("echo packet >&2"), {}],
    ["writes a file, as a muxer does that moves its index", busy("echo x >> out.mp4"), {}],
    ["writes over a file that stays as long as it is", busy("printf %04d $n > moov"), {}],
    ["waits for the store", busy(":"), { source: { bytesRead: 0, isWaiting: true } }],
  ] as const)
    it(`lets one be that ${what}`, async () => {
      const end = await run(script, limits);
      expect(end, end.log).to.include({ code: 0, signal: null });
      expect(end.exceededLimit).to.equal(undefined);
    });

  it("lets one be that reads of the store", async () => {
    let bytesRead = 0;
    const source = {
      get bytesRead() {
        bytesRead += 1;
        return bytesRead;
      },
      isWaiting: false,
    };
    expect(await run(busy(":"), { source })).to.include({ code: 0, signal: null });
  });

  it("is given up with the attempt", async () => {
    const control = new AbortController();
    const ending = runWatchedChild("/bin/sh", ["-c", `echo started; ${silent}`], {
      signal: control.signal,
      graceSeconds: 0.2,
      memory: capabilitiesMemoryLimit,
      onOutput: () => control.abort(new Error("lost")),
      limits: { workSeconds: 600 },
    });
    const end = await ending;
    expect(end).to.include({ signal: "SIGTERM" });
    expect(end.exceededLimit).to.equal(undefined);
  });

  it("sees a file that is written over, or taken away", async () => {
    const path = join(folder, "segment.ts");
    await writeFile(path, "0123");
    const first = await computeFolderFingerprint(folder);
    expect(await computeFolderFingerprint(folder)).to.equal(first);
    await writeFile(path, "4567");
    const second = await computeFolderFingerprint(folder);
    await rm(path);
    expect(new Set([first, second, await computeFolderFingerprint(folder)]).size).to.equal(3);
  });
});
