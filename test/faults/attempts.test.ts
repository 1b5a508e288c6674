import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/job/job.ts";
import { type Bench, makeMedia, openBench, type RunningWorker } from "./worker-bench.ts";

describe("attempts that are cut off, doubled, cancelled or overtaken", function () {
  this.timeout(60_000);
  let bench: Bench;
  let clip: string;
  let count = 0;

  before(async () => {
    bench = await openBench();
    clip = join(bench.root, "clip.mp4");
    makeMedia(
      ..."-f lavfi -i testsrc2=s=1280x720:r=30:d=10 -f lavfi -i sine=d=10 -c:v libx264 -preset ultrafast -c:a aac -shortest".split(
        " ",
      ),
      clip,
    );
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.objects.write(
      { bucket: "input", key: "watermarks/default.png" },
      { file: logo },
      { contentType: "image/png" },
    );
  });
  after(() => bench.close());

  const upload = (): Promise<Job> => {
    count += 1;
    return bench.upload("watermarks", `unprocessed-videos/cut-${count}.mp4`, clip);
  };
  const key = (job: Job): string => job.specification?.outputKeys[0] ?? "";
  const published = async (job: Job) => (await bench.outputs()).includes(key(job));
  const at = (job: Job, worker: RunningWorker, percent: number) =>
    bench.until(job, worker, ({ progress }) => progress.percent >= percent);
  it("is worked by one of two workers; the other leaves without a trace", async () => {
    const job = await upload();
    const workers = [bench.start(job), bench.start(job)];
    const ends = await Promise.all(workers.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).to.deep.equal([0, 0]);
    const stored = await bench.store.read(job.id);
    expect(stored?.report?.outputs.map((output) => output.key)).to.deep.equal([key(job)]);
    expect(stored?.history.filter(({ status }) => status === "Progressing")).to.have.length(1);
    expect(await bench.leftovers()).to.deep.equal([]);
  });

  it("publishes nothing once it is cancelled, and leaves no process", async () => {
    const job = await upload();
    const worker = bench.start(job);
    await at(job, worker, 20);
    await bench.store.cancel(job.id, "cancelled by a test");
    expect((await worker.ended).code, worker.log()).to.equal(0);
    expect((await bench.store.read(job.id))?.status).to.equal("Canceled");
    expect(await published(job)).to.equal(false);
    expect(await worker.processes()).to.deep.equal([]);
    expect(await bench.leftovers()).to.deep.equal([]);
  });

  it("stops when its parent vanishes", async () => {
    const job = await upload();
    const worker = bench.start(job);
    await at(job, worker, 20);
    worker.child.disconnect();
    expect((await worker.ended).code, worker.log()).to.equal(75);
    expect(await worker.processes()).to.deep.equal([]);
    expect(await bench.leftovers()).to.deep.equal([]);
  });

  it("works the version it was started for, and never replaces a newer version's output", async () => {
    const older = await upload();
    const picture = join(bench.root, "newer.mp4");
    makeMedia("-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=2", "-c:v", "libx264", picture);
    const newer = await bench.upload("watermarks", older.source.key, picture);
    const second = await bench.run(newer);
    const first = await bench.run(older);
    const head = await bench.objects.head({ bucket: "output", key: key(older) });
    expect(second.code, second.log).to.equal(0);
    expect(first.job?.report?.error?.code, first.log).to.equal(3002);
    expect(head?.metadata["reelway-job"]).to.equal(newer.id);
  });

  it("refuses to write over another source's output, naming the owner", async () => {
    const job = await upload();
    await bench.objects.write(
      { bucket: "output", key: key(job) },
      { text: "somebody else's" },
      { contentType: "text/plain", metadata: { "reelway-job": "other", "reelway-source": "other" } },
    );
    const end = await bench.run(job);
    expect(end.job?.report?.error?.code, end.log).to.equal(3002);
    expect(await bench.leftovers()).to.deep.equal([]);
  });

  it("ends as 3001 when its source is gone, and as 4003 when its watermark is", async () => {
    const job = await upload();
    const missing = await bench.store.claim({
      ...job,
      id: job.id.replace(/^./, (first) => (first === "a" ? "b" : "a")),
      source: { ...job.source, key: "unprocessed-videos/never.mp4", versionId: undefined },
    });
    const gone = await bench.run(missing.job);
    const unmarked = join(bench.root, "unmarked.mp4");
    await writeFile(unmarked, "");
    const marked = await bench.upload("watermarks", "unprocessed-videos/marked.mp4", clip, {
      watermark: "watermarks/none.png",
    });
    const second = await bench.run(marked);
    expect(gone.job?.report?.error?.code, gone.log).to.equal(3001);
    expect(second.job?.report?.error?.code, second.log).to.equal(4003);
  });
});
