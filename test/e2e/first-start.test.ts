import { spawn } from "node:child_process";
import { watch } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { checkDataFiles } from "../../runtime/data-files.ts";
import { resolveDataFolder } from "../../runtime/data-folder.ts";
import { bin, makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "./program.ts";

const about = z.object({ engines: z.array(z.object({ name: z.string(), status: z.string() })) });
const engines = async ({ port }: RunningRuntime) => {
  const answer = await fetch(`http://127.0.0.1:${port}/reelway/runtime`);
  return about.parse(await answer.json()).engines.map(({ name, status }) => `${name} ${status}`);
};
const stop = async (runtime: RunningRuntime): Promise<void> => {
  runtime.child.kill("SIGTERM");
  await runtime.exited;
};

describe("a killed first start", function () {
  this.timeout(300_000);
  let root: string;
  let data: string;
  let runtime: RunningRuntime | undefined;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "reelway-first-"));
    data = join(root, "data");
    await mkdir(data);
  });
  afterEach(async () => {
    runtime?.child.kill("SIGKILL");
    await runtime?.exited;
    runtime = undefined;
    await rm(root, { recursive: true, force: true });
  });

  /** Starts a runtime and kills it at the n-th change of its data folder; false where it made fewer. */
  const killAt = (change: number): Promise<boolean> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [bin, "start", "--data", data, "--port", "0"], {
        env: { PATH: "/nonexistent", TMPDIR: tmpdir() },
        stdio: ["ignore", "pipe", "ignore"],
      });
      let observedSteps = 0;
      const watcher = watch(data, () => {
        observedSteps += 1;
        if (observedSteps === change) child.kill("SIGKILL");
      });
      // Ready before so many changes: there is no later moment.
      child.stdout.once("data", () => child.kill("SIGKILL"));
      child.once("exit", () => {
        watcher.close();
        resolve(observedSteps >= change);
      });
    });

  it("leaves no broken file, and the next start has both engines", async () => {
    // Around the creation of the database, of the runtime's record and of the keys.
    for (const change of [11, 15, 21]) {
      await killAt(change);
      expect(await checkDataFiles(resolveDataFolder(data)), `at change ${change}`).to.deep.equal([]);
    }
    runtime = await startReelway(data);
    expect(await engines(runtime)).to.deep.equal(["ffmpeg working", "elastic-transcoder working"]);
    await stop(runtime);
  });

  it("recovers empty keys of an earlier version, and reports broken keys with their path", async () => {
    const keys = join(data, "transcoder-keys.json");
    await writeFile(keys, '{"accessKeyId":');
    const refused = await reelway(["start", "--data", data, "--port", "0"]);
    expect({ code: refused.code, stdout: refused.stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(refused.stderr)
      .to.include(`${keys} is not valid JSON`)
      .and.to.match(/^[^\n]+\n$/);
    await writeFile(keys, "");

    const started = await startReelway(data);
    runtime = started;
    await pollUntil(async () => (started.errors().includes(`Warning: ${keys} is empty.`) ? true : undefined));
    expect(started.output()).to.include("packaged ffmpeg of 2018");
    const clip = join(root, "clip.mp4");
    await makeClip(clip, 1, "64x64");

    const text = await readFile(keys, "utf8");
    await rm(keys);
    await pollUntil(async () => (started.errors().includes("engine is failing") ? true : undefined));
    await reelway(["upload", clip, "--data", data]);
    const jobs = await reelway(["jobs", "--json", "--data", data]);
    const pending = z
      .object({ jobs: z.array(z.object({ pendingReason: z.string().nullable() })) })
      .parse(JSON.parse(jobs.stdout)).jobs;
    expect(pending.map(({ pendingReason }) => pendingReason?.includes(keys))).to.deep.equal([true]);
    expect(jobs.stderr).to.include("The elastic-transcoder engine is failing").and.to.include(keys);

    await writeFile(keys, text, { mode: 0o600 });
    await pollUntil(async () =>
      started.errors().includes("elastic-transcoder engine works again") ? true : undefined,
    );
    expect(await engines(started)).to.deep.equal(["ffmpeg working", "elastic-transcoder working"]);
    // Started at once; the first one follows within a minute.
    await reelway(["upload", clip, "--prefix", "responses/", "--data", data]);
    await pollUntil(async () => {
      const answer = await fetch(`http://127.0.0.1:${started.port}/jobs`);
      return (await answer.text()).includes('"status":"Complete"') ? true : undefined;
    });
    await stop(started);
  });
});
