import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { eventually, makeClip, reelway, type Started, startReelway } from "./program.ts";
import { processesOf, tasksOf } from "./runtime-folder.ts";

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
  let long: string;
  let runtime: Started;
  const place = (...words: string[]) => reelway([...words, "--data", data]);
  const jobs = async () => {
    const response = await fetch(`http://127.0.0.1:${runtime.port}/reelway/jobs`);
    const listed = z
      .object({
        jobs: z.array(
          z.object({
            job: z.looseObject({
              id: z.string(),
              status: z.string(),
              attempt: z.number(),
              source: z.looseObject({ key: z.string() }),
            }),
          }),
        ),
      })
      .parse(await response.json());
    return listed.jobs.map((one) => one.job);
  };
  const jobOf = (key: string, ...statuses: string[]) =>
    eventually(async () =>
      (await jobs()).find((one) => one.source.key === key && statuses.includes(one.status)),
    );

  /** The job of a key, once its ffmpeg runs: the per cent rises before, when the source is probed. */
  const encoding = (key: string) =>
    eventually(async () => {
      const job = (await jobs()).find((one) => one.source.key === key && one.status === "Progressing");
      if (job === undefined) return undefined;
      const isRunning = (await processesOf(data, runtime)).some((line) => /(^|\/)ffmpeg /.test(line));
      return isRunning ? job : undefined;
    });

  before(async () => {
    data = join(await mkdtemp(join(tmpdir(), "reelway-")), "data");
    await mkdir(data, { recursive: true });
    clip = join(data, "..", "clip.mp4");
    long = join(data, "..", "long.mkv");
    await Promise.all([makeClip(clip, 2), makeClip(long, 20, "1280x720")]);
    await copyFile(long, join(data, "..", "long.mp4"));
    runtime = await startReelway(data);
  });
  after(async () => {
    runtime.child.kill("SIGTERM");
    await runtime.ended;
    await rm(join(data, ".."), { recursive: true, force: true });
  });

  it("takes a file from the drop folder and serves what came of it, with ranges", async () => {
    await mkdir(join(data, "input/thumbnails"), { recursive: true });
    await copyFile(clip, join(data, "input/thumbnails/a b.mp4"));
    await jobOf("thumbnails/a b.mp4", "Complete");
    const address = `http://127.0.0.1:${runtime.port}/output/thumb/a%20b.mp4.png`;
    const part = await fetch(address, { headers: { range: "bytes=1-3" } });
    const beyond = await fetch(address, { headers: { range: "bytes=99999999-" } });
    const head = await fetch(address, { method: "HEAD" });
    expect([part.status, await part.text(), part.headers.get("content-type")]).to.deep.equal([
      206,
      "PNG",
      "image/png",
    ]);
    expect({ beyondStatus: beyond.status, headStatus: head.status }).to.deep.equal({
      beyondStatus: 416,
      headStatus: 200,
    });
    expect(
      await eventually(() =>
        stat(join(data, "output/thumb/a b.mp4.png")).then(
          ({ size }) => String(size),
          () => undefined,
        ),
      ),
    ).to.equal(head.headers.get("content-length"));
  });

  it("uploads with put, through the transcoder's API, and tells of the job", async () => {
    const put = await place("upload", clip, "--prefix", "responses/");
    expect(put.code, put.stderr).to.equal(0);
    const done = await jobOf("responses/clip.mp4", "Complete", "Error");
    const listed = list.parse(JSON.parse((await place("jobs", "--json")).stdout));
    const found = listed.jobs.find(({ id }) => id === done.id);
    expect(found?.status).to.equal("Complete");
    expect(found?.outputs.map(({ key }) => key)).to.deep.equal(["output/web/responses/clip.mp4"]);
    const story = await place("job", done.id.slice(0, 8));
    expect(story.stdout).to.include("responses/clip.mp4").and.to.include("history");
  });

  it("refuses a page of another origin, another host's name, and a second runtime", async () => {
    const base = `http://127.0.0.1:${runtime.port}/reelway/objects?key=x.mp4`;
    const foreign = await fetch(base, {
      method: "PUT",
      body: "x",
      headers: { origin: "http://evil.example" },
    });
    const second = await place("start", "--port", "0");
    // Without its file the folder is still locked, by its database.
    const record = await readFile(join(data, "runtime.json"), "utf8");
    await rm(join(data, "runtime.json"));
    const third = await place("start", "--port", String(runtime.port));
    await eventually(async () =>
      (await readFile(join(data, "runtime.json"), "utf8").catch(() => "")) === record ? true : undefined,
    );
    const busy = await reelway([
      "start",
      "--port",
      String(runtime.port),
      "--data",
      join(data, "..", "other"),
    ]);
    expect(foreign.status).to.equal(403);
    expect(second.code).to.equal(1);
    expect(second.stderr).to.include("in use by a running runtime");
    expect(third.code).to.equal(1);
    // The file may be back by then, and name the process.
    expect(third.stderr).to.match(
      new RegExp(`^reelway: The data folder ${data} is in use by a running runtime( \\(.*\\))?\\. Stop it, `),
    );
    expect((await jobs()).length).to.be.greaterThan(0);
    expect(busy.stderr).to.include(`Port ${runtime.port} is in use`).and.to.include("--port");
  });

  it("cancels a job of the transcoder while it encodes: no output, no process, no file is left", async () => {
    await place("upload", join(data, "..", "long.mp4"));
    const running = await encoding("long.mp4");
    expect((await place("cancel", running.id)).stdout).to.equal("long.mp4: Canceled\n");
    const [task] = await eventually(async () => {
      const stopped = (await tasksOf(data)).filter(({ stoppedReason }) =>
        stoppedReason?.includes("by an operator"),
      );
      return stopped.length === 1 ? stopped : undefined;
    });
    expect(task).to.include({ status: "Stopped", stopCode: "UserInitiated" });
    expect(await processesOf(data, runtime)).to.deep.equal([]);
    for (const folder of ["scratch", "uploads", "objects/.staging"])
      expect(await readdir(join(data, folder)), folder).to.deep.equal([]);
    expect((await jobOf("long.mp4", "Canceled")).id).to.equal(running.id);
    const output = await fetch(`http://127.0.0.1:${runtime.port}/output/output/web/long.mp4`);
    expect(output.status).to.equal(404);
    expect(await readdir(join(data, "output"), { recursive: true })).to.not.include("output/web/long.mp4");
  });

  it("cancels a running job and leaves no output, retries it, and finishes it after three kill -9", async () => {
    await place("upload", long);
    const running = await encoding("long.mkv");
    expect((await place("cancel", running.id)).stdout).to.include("Canceled");
    expect((await place("cancel", running.id)).code).to.equal(1);
    expect((await place("retry", running.id, "--force")).code).to.equal(0);
    for (let time = 0; time < 3; time += 1) {
      await encoding("long.mkv");
      runtime.child.kill("SIGKILL");
      await runtime.ended;
      runtime = await startReelway(data);
    }
    const done = await jobOf("long.mkv", "Complete", "Error");
    expect({ status: done.status, attempt: done.attempt }).to.deep.equal({ status: "Complete", attempt: 5 });
    expect(await readFile(join(data, "output/output/long.mkv/master.m3u8"), "utf8")).to.include("#EXTM3U");
    expect(await processesOf(data, runtime)).to.deep.equal([]);
  });

  it("ends at SIGTERM, says so, and is found again by the same folder", async () => {
    runtime.child.kill("SIGTERM");
    expect(await runtime.ended).to.equal(0);
    expect(runtime.output())
      .to.include("Stopping")
      .and.to.match(/Stopped\.\n$/);
    const gone = await place("jobs");
    expect(gone.code).to.equal(1);
    expect(gone.stderr).to.include("No runtime is running");
    runtime = await startReelway(data);
    expect((await place("jobs", "--limit", "1")).code).to.equal(0);
  });
});
