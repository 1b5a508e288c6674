import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { computeFolderFingerprint } from "../../../docker/ffmpeg/programs/folder-fingerprint.ts";
import { runWatchedChild, type WatchedChildOptions } from "../../../docker/ffmpeg/programs/watched-child.ts";
import { capabilitiesMemoryLimit } from "../../../pipeline/encoding/memory-limit.ts";

/** A program that acts every tenth of a second, longer than it may be idle, and then ends well. */
const busyScript = (act: string): string =>
  `n=0; while [ $n -lt 15 ]; do ${act}; sleep 0.1; n=$((n + 1)); done`;
const silent = "exec sleep 600";

describe("a watched child process", () => {
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
        workTimeoutSeconds: 600,
        progressTimeoutSeconds: 1,
        computeFingerprint: () => computeFolderFingerprint(folder),
        ...limits,
      },
      createListeners: ({ advance }) => ({ onLog: advance }),
    });

  it("is ended if it does nothing", async () => {
    expect(await run(silent)).to.include({ exceededLimit: "stalled", signal: "SIGTERM", timedOut: false });
  });

  it("is killed if it does nothing and ignores SIGTERM", async () => {
    const result = await run(`trap "" TERM; ${silent}`);
    expect(result).to.include({ exceededLimit: "stalled", signal: "SIGKILL" });
  });

  it("is ended at the time limit, whatever it does", async () => {
    const result = await run("while true; do echo packet >&2; sleep 0.1; done", { workTimeoutSeconds: 0.5 });
    expect(result).to.include({ exceededLimit: "timeout", signal: "SIGTERM" });
  });

  for (const [title, script, limits] of [
    ["tells of its packets", busyScript("echo packet >&2"), {}],
    ["writes a file, as a muxer does that moves its index", busyScript("echo x >> out.mp4"), {}],
    ["writes over a file that stays as long as it is", busyScript("printf %04d $n > moov"), {}],
    ["waits for the store", busyScript(":"), { source: { bytesRead: 0, isWaiting: true } }],
  ] as const)
    it(`is not ended if it ${title}`, async () => {
      const result = await run(script, limits);
      expect(result, result.log).to.include({ code: 0, signal: null });
      expect(result.exceededLimit).to.equal(undefined);
    });

  it("is not ended while it reads from the store", async () => {
    let bytesRead = 0;
    const source = {
      get bytesRead() {
        bytesRead += 1;
        return bytesRead;
      },
      isWaiting: false,
    };
    expect(await run(busyScript(":"), { source })).to.include({ code: 0, signal: null });
  });

  it("is ended if the attempt is aborted", async () => {
    const control = new AbortController();
    const running = runWatchedChild("/bin/sh", ["-c", `echo started; ${silent}`], {
      signal: control.signal,
      graceSeconds: 0.2,
      memory: capabilitiesMemoryLimit,
      onOutput: () => control.abort(new Error("lost")),
      limits: { workTimeoutSeconds: 600 },
    });
    const result = await running;
    expect(result).to.include({ signal: "SIGTERM" });
    expect(result.exceededLimit).to.equal(undefined);
  });

  it("counts overwritten and removed files as activity", async () => {
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
