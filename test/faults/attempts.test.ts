import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { type Bench, makeMedia, nothing, openBench, type RunningWorker } from "./worker-bench.ts";

describe("attempts that are cut off, doubled, cancelled or overtaken", function () {
  this.timeout(180_000);
  let bench: Bench;
  let clip: string;
  /** Long enough that no worker is done with it before it is cut off. */
  let long: string;
  let count = 0;

  before(async () => {
    bench = await openBench();
    const make = (size: string, seconds: number, path: string) =>
      makeMedia(
        ...`-f lavfi -i testsrc2=s=${size}:r=30:d=${seconds} -f lavfi -i sine=d=${seconds} -c:v libx264 -preset ultrafast -c:a aac -shortest`.split(
          " ",
        ),
        path,
      );
    clip = join(bench.root, "clip.mp4");
    make("320x180", 4, clip);
    const part = join(bench.root, "part.mp4");
    make("1280x720", 5, part);
    long = join(bench.root, "long.mp4");
    makeMedia("-stream_loop", "23", "-i", part, "-c", "copy", long);
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.objects.write(
      { bucket: "input", key: "watermarks/default.png" },
      { file: logo },
      { contentType: "image/png" },
    );
  });
  after(() => bench.close());

  const upload = (file = clip): Promise<Job> => {
    count += 1;
    return bench.upload("watermarks", `unprocessed-videos/cut-${count}.mp4`, file);
  };
  const key = (job: Job): string => job.specification?.outputKeys[0] ?? "";
  const at = (job: Job, worker: RunningWorker, percent: number) =>
    bench.until(job, worker, ({ progress }) => progress.percent >= percent);
  it("is worked by one of two workers; the other leaves without a trace", async () => {
    const job = await upload();
    const workers = [bench.start(job), bench.start(job)];
    const ends = await Promise.all(workers.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).to.deep.equal([0, 0]);
    const [end] = await Promise.all(workers.map((worker) => bench.finish(job, worker)));
    expect({ status: end?.job.status, error: end?.job.error }).to.deep.equal({
      status: "Complete",
      error: null,
    });
    expect(end?.job.outputs.map((output) => output.key)).to.deep.equal([key(job)]);
    expect(end?.job.history.map(({ status }) => status)).to.deep.equal([
      "Submitted",
      "Progressing",
      "Complete",
    ]);
    expect(end?.left).to.deep.equal({ ...nothing, outputs: [key(job)] });
  });

  it("publishes nothing once it is cancelled, and leaves no process", async () => {
    const job = await upload(long);
    const worker = bench.start(job);
    await at(job, worker, 2);
    await bench.store.cancel(job.id, "cancelled by a test");
    const end = await bench.finish(job, worker);
    expect(end.code, worker.log()).to.equal(0);
    expect({ status: end.job.status, report: end.job.report }).to.deep.equal({
      status: "Canceled",
      report: undefined,
    });
    expect(end.left).to.deep.equal(nothing);
  });

  it("stops when its parent vanishes", async () => {
    const job = await upload(long);
    const worker = bench.start(job);
    await at(job, worker, 2);
    worker.child.disconnect();
    const end = await bench.finish(job, worker);
    expect(end.code, worker.log()).to.equal(75);
    expect({ status: end.job.status, attempt: end.job.attempt }).to.deep.equal({
      status: "Submitted",
      attempt: 2,
    });
    expect(end.left).to.deep.equal(nothing);
  });

  it("works the version it was started for, and never replaces a newer version's output", async () => {
    const older = await upload();
    const picture = join(bench.root, "newer.mp4");
    makeMedia("-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=2", "-c:v", "libx264", picture);
    const newer = await bench.upload("watermarks", older.source.key, picture);
    const second = await bench.finish(newer, bench.start(newer));
    const first = await bench.finish(older, bench.start(older));
    const head = await bench.objects.head({ bucket: "output", key: key(older) });
    expect(second.job.status).to.equal("Complete");
    expect({ status: first.job.status, code: first.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 3002,
    });
    expect(head?.metadata["reelway-job"]).to.equal(newer.id);
  });

  it("refuses to write over another source's output, naming the owner", async () => {
    const job = await upload();
    await bench.objects.write(
      { bucket: "output", key: key(job) },
      { text: "somebody else's" },
      { contentType: "text/plain", metadata: { "reelway-job": "other", "reelway-source": "other" } },
    );
    const end = await bench.finish(job, bench.start(job));
    expect({ status: end.job.status, code: end.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 3002,
    });
    expect(end.left).to.deep.equal({ ...nothing, outputs: [key(job)] });
  });

  it("ends as 3001 when its source is gone, and as 4003 when its watermark is", async () => {
    const job = await upload();
    const missing = await bench.store.claim({
      ...job,
      id: job.id.replace(/^./, (first) => (first === "a" ? "b" : "a")),
      source: { ...job.source, key: "unprocessed-videos/never.mp4", versionId: undefined },
    });
    const gone = await bench.finish(missing.job, bench.start(missing.job));
    const unmarked = join(bench.root, "unmarked.mp4");
    await writeFile(unmarked, "");
    const marked = await bench.upload("watermarks", "unprocessed-videos/marked.mp4", clip, {
      watermark: "watermarks/none.png",
    });
    const second = await bench.finish(marked, bench.start(marked));
    expect({ status: gone.job.status, code: gone.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 3001,
    });
    expect({ status: second.job.status, code: second.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 4003,
    });
    for (const { left } of [gone, second]) expect(left).to.deep.equal(nothing);
  });
});
