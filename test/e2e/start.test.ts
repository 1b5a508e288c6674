import { openAsBlob } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { uploadForm } from "../runtime/server/upload-form.ts";
import { loopClip, makeClip, pollUntil, type RunningRuntime, reelway, startReelway } from "./program.ts";
import { listProcesses, listTasks } from "./runtime-folder.ts";

const job = z.object({
  id: z.string(),
  status: z.string(),
  attempt: z.number(),
  source: z.object({ key: z.string() }),
  outputs: z.array(z.object({ key: z.string(), path: z.string().nullable(), bytes: z.number() })),
});
const list = z.object({ jobs: z.array(job) });

describe("reelway start", function () {
  this.timeout(180_000);
  let data: string;
  let clip: string;
  let longClip: string;
  let runtime: RunningRuntime;
  const runCommand = (...args: string[]) => reelway([...args, "--data", data]);
  const api = (path: string, options: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${runtime.port}/${path}`, options);
  const upload = async (key: string, file: string) =>
    expect(
      (await uploadForm(`http://127.0.0.1:${runtime.port}`, key, await openAsBlob(file))).status,
    ).to.equal(204);
  const jobs = async () => {
    const response = await api("jobs");
    const listed = z
      .object({
        jobs: z.array(
          z.looseObject({
            id: z.string(),
            status: z.string(),
            attempt: z.number(),
            source: z.looseObject({ key: z.string() }),
          }),
        ),
      })
      .parse(await response.json());
    return listed.jobs;
  };
  const waitForJob = (key: string, ...statuses: string[]) =>
    pollUntil(async () =>
      (await jobs()).find((one) => one.source.key === key && statuses.includes(one.status)),
    );

  /** The job of a key, once its ffmpeg runs: the percentage is above 0 when the source has been probed. */
  const encoding = (key: string) =>
    pollUntil(async () => {
      const job = (await jobs()).find((one) => one.source.key === key && one.status === "Progressing");
      if (job === undefined) return undefined;
      const isRunning = (await listProcesses(data, runtime)).some((line) => /(^|\/)ffmpeg /.test(line));
      return isRunning ? job : undefined;
    });

  before(async () => {
    data = join(await mkdtemp(join(tmpdir(), "reelway-")), "data");
    await mkdir(data, { recursive: true });
    clip = join(data, "..", "clip.mp4");
    longClip = join(data, "..", "long.mkv");
    await makeClip(clip, 2, "640x360");
    // Long enough that its job is still at work when it is canceled or the runtime is killed.
    await loopClip(clip, 15, longClip);
    await copyFile(longClip, join(data, "..", "long.mp4"));
    runtime = await startReelway(data);
  });
  after(async () => {
    runtime.child.kill("SIGTERM");
    await runtime.exited;
    await rm(join(data, ".."), { recursive: true, force: true });
  });

  it("processes a file of the drop folder and serves the output with ranges", async () => {
    await mkdir(join(data, "input/thumbnails"), { recursive: true });
    await copyFile(clip, join(data, "input/thumbnails/a b.mp4"));
    await waitForJob("thumbnails/a b.mp4", "Complete");
    const address = `http://127.0.0.1:${runtime.port}/output/thumb/a%20b.mp4.png`;
    const rangeResponse = await fetch(address, { headers: { range: "bytes=1-3" } });
    const beyondEnd = await fetch(address, { headers: { range: "bytes=99999999-" } });
    const head = await fetch(address, { method: "HEAD" });
    expect([
      rangeResponse.status,
      await rangeResponse.text(),
      rangeResponse.headers.get("content-type"),
    ]).to.deep.equal([206, "PNG", "image/png"]);
    expect({ beyondStatus: beyondEnd.status, headStatus: head.status }).to.deep.equal({
      beyondStatus: 416,
      headStatus: 200,
    });
    expect(
      await pollUntil(() =>
        stat(join(data, "output/thumb/a b.mp4.png")).then(
          ({ size }) => String(size),
          () => undefined,
        ),
      ),
    ).to.equal(head.headers.get("content-length"));
  });

  it("uploads a file, through the transcoder's API, and shows the job", async () => {
    const put = await runCommand("upload", clip, "--prefix", "responses/");
    expect(put.code, put.stderr).to.equal(0);
    const done = await waitForJob("responses/clip.mp4", "Complete", "Error");
    const listed = list.parse(JSON.parse((await runCommand("jobs", "--json", "--limit", "1")).stdout));
    const listedJob = listed.jobs.find(({ id }) => id === done.id);
    expect(listedJob?.status).to.equal("Complete");
    expect(listedJob?.outputs.map(({ key }) => key)).to.deep.equal(["output/web/responses/clip.mp4"]);
    const jobDetails = await runCommand("job", done.id.slice(0, 8));
    expect(jobDetails.stdout).to.include("responses/clip.mp4").and.to.include("history");
  });

  it("rejects another origin, another host name and a second runtime", async () => {
    const foreignOrigin = await fetch(`http://127.0.0.1:${runtime.port}/input`, {
      method: "POST",
      body: "x",
      headers: { origin: "http://evil.example" },
    });
    const second = await runCommand("start", "--port", "0");
    // Without its file the folder is still locked, by its database.
    const record = await readFile(join(data, "runtime.json"), "utf8");
    await rm(join(data, "runtime.json"));
    const secondRuntime = await runCommand("start", "--port", String(runtime.port));
    await pollUntil(async () =>
      (await readFile(join(data, "runtime.json"), "utf8").catch(() => "")) === record ? true : undefined,
    );
    const portInUse = await reelway([
      "start",
      "--port",
      String(runtime.port),
      "--data",
      join(data, "..", "other"),
    ]);
    expect(foreignOrigin.status).to.equal(403);
    expect(second.code).to.equal(1);
    expect(second.stderr).to.include("in use by a running runtime");
    expect(secondRuntime.code).to.equal(1);
    // The file may be back by then, and name the process.
    expect(secondRuntime.stderr).to.match(
      new RegExp(`^reelway: The data folder ${data} is in use by a running runtime( \\(.*\\))?\\. Stop it, `),
    );
    expect((await jobs()).length).to.be.greaterThan(0);
    expect(portInUse.stderr).to.include(`Port ${runtime.port} is in use`).and.to.include("--port");
  });

  it("cancels a running transcoder job and leaves no output, process or file", async () => {
    await upload("long.mp4", join(data, "..", "long.mp4"));
    const running = await encoding("long.mp4");
    expect((await runCommand("cancel", running.id)).stdout).to.equal("long.mp4: Canceled\n");
    const [task] = await pollUntil(async () => {
      const stopped = (await listTasks(data)).filter(({ stoppedReason }) =>
        stoppedReason?.includes("by an operator"),
      );
      return stopped.length === 1 ? stopped : undefined;
    });
    expect(task).to.include({ status: "Stopped", stopCode: "UserInitiated" });
    expect(await listProcesses(data, runtime)).to.deep.equal([]);
    for (const folder of ["scratch", "uploads", "objects/.staging"])
      expect(await readdir(join(data, folder)), folder).to.deep.equal([]);
    expect((await waitForJob("long.mp4", "Canceled")).id).to.equal(running.id);
    const output = await fetch(`http://127.0.0.1:${runtime.port}/output/output/web/long.mp4`);
    expect(output.status).to.equal(404);
    expect(await readdir(join(data, "output"), { recursive: true })).to.not.include("output/web/long.mp4");
  });

  it("cancels a running job without output, retries it and completes it after three kill -9", async () => {
    await upload("long.mkv", longClip);
    const running = await encoding("long.mkv");
    expect((await api(`jobs/${running.id}/cancel`, { method: "POST" })).status).to.equal(200);
    expect((await runCommand("cancel", running.id)).code).to.equal(1);
    expect((await runCommand("retry", running.id, "--force")).code).to.equal(0);
    for (let time = 0; time < 3; time += 1) {
      await encoding("long.mkv");
      runtime.child.kill("SIGKILL");
      await runtime.exited;
      runtime = await startReelway(data);
    }
    const done = await waitForJob("long.mkv", "Complete", "Error");
    expect({ status: done.status, attempt: done.attempt }).to.deep.equal({ status: "Complete", attempt: 5 });
    expect(await readFile(join(data, "output/output/long.mkv/master.m3u8"), "utf8")).to.include("#EXTM3U");
    expect(await listProcesses(data, runtime)).to.deep.equal([]);
  });

  it("exits on SIGTERM with a message, and resumes from the same folder", async () => {
    runtime.child.kill("SIGTERM");
    expect(await runtime.exited).to.equal(0);
    expect(runtime.output())
      .to.include("Stopping")
      .and.to.match(/Stopped\.\n$/);
    const afterStop = await runCommand("jobs");
    expect(afterStop.code).to.equal(1);
    expect(afterStop.stderr).to.include("No runtime is running");
    runtime = await startReelway(data);
    expect((await api("jobs?limit=1")).status).to.equal(200);
  });
});
