import { copyFile, mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod";
import { eventually, makeClip, reelway, type Started, startReelway } from "./program.ts";

const job = z.object({
  id: z.string(),
  status: z.string(),
  attempt: z.number(),
  source: z.object({ key: z.string() }),
  outputs: z.array(z.object({ key: z.string(), path: z.string().nullable(), bytes: z.number() })),
});
const list = z.object({ jobs: z.array(job) });

describe("reelway start", function () {
  this.timeout(60_000);
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
              progress: z.object({ percent: z.number() }),
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

  before(async () => {
    data = join(await mkdtemp(join(tmpdir(), "reelway-")), "data");
    await mkdir(data, { recursive: true });
    clip = join(data, "..", "clip.mp4");
    long = join(data, "..", "long.mkv");
    await Promise.all([makeClip(clip, 2), makeClip(long, 20, "1280x720")]);
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
    expect([beyond.status, head.status]).to.deep.equal([416, 200]);
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
    const put = await place("put", clip, "--prefix", "responses/");
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
    const busy = await reelway([
      "start",
      "--port",
      String(runtime.port),
      "--data",
      join(data, "..", "other"),
    ]);
    expect(foreign.status).to.equal(403);
    expect([second.code, second.stderr]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes("in use by another runtime"),
    );
    expect(busy.stderr).to.include(`Port ${runtime.port} is taken`).and.to.include("--port");
  });

  it("cancels a running job and leaves no output, retries it, and finishes it after kill -9", async () => {
    await place("put", long);
    await eventually(async () =>
      (await jobs()).find((one) => one.source.key === "long.mkv" && one.progress.percent > 0),
    );
    const running = await jobOf("long.mkv", "Progressing");
    expect((await place("cancel", running.id)).stdout).to.include("Canceled");
    expect((await place("cancel", running.id)).code).to.equal(1);
    expect((await place("retry", running.id, "--force")).code).to.equal(0);
    await eventually(async () =>
      (await jobs()).find(
        (one) => one.source.key === "long.mkv" && one.status === "Progressing" && one.progress.percent > 0,
      ),
    );
    runtime.child.kill("SIGKILL");
    await runtime.ended;
    runtime = await startReelway(data);
    const cut = await jobOf("long.mkv", "Submitted", "Progressing", "Complete");
    expect(cut.attempt).to.be.at.least(2);
    const done = await jobOf("long.mkv", "Complete", "Error");
    expect(done.status).to.equal("Complete");
    expect(await readFile(join(data, "output/output/long.mkv/master.m3u8"), "utf8")).to.include("#EXTM3U");
  });
});
