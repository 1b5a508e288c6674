import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import {
  type Bench,
  expectAnotherAttempt,
  makeMedia,
  noLeftovers,
  openBench,
  type RunningWorker,
} from "./worker-bench.ts";

describe("aborted, duplicate, canceled and superseded attempts", function () {
  this.timeout(180_000);
  let bench: Bench;
  let clip: string;
  /** Long enough that no worker is done before it is stopped. */
  let longClip: string;
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
    make("320x180", 2, clip);
    const part = join(bench.root, "part.mp4");
    make("640x360", 5, part);
    longClip = join(bench.root, "long.mp4");
    makeMedia("-stream_loop", "23", "-i", part, "-c", "copy", longClip);
    await bench.putWatermark();
  });
  after(() => bench.close());

  const upload = (file = clip): Promise<Job> => {
    count += 1;
    return bench.upload("watermarks", `unprocessed-videos/cut-${count}.mp4`, file);
  };
  const key = (job: Job): string => job.specification?.outputKeys[0] ?? "";
  const waitForPercent = (job: Job, worker: RunningWorker, percent: number) =>
    bench.waitForJob(job, worker, ({ progress }) => progress.percent >= percent);
  it("lets one of two workers run the attempt; the other exits without a trace", async () => {
    const job = await upload();
    const workers = [bench.start(job), bench.start(job)];
    const exits = await Promise.all(workers.map(({ exited }) => exited));
    expect(exits.map(({ code }) => code)).to.deep.equal([0, 0]);
    const [result] = await Promise.all(workers.map((worker) => bench.finish(job, worker)));
    expect({ status: result?.job.status, error: result?.job.error }).to.deep.equal({
      status: "Complete",
      error: null,
    });
    expect(result?.job.outputs.map((output) => output.key)).to.deep.equal([key(job)]);
    expect(result?.job.history.map(({ status }) => status)).to.deep.equal([
      "Submitted",
      "Progressing",
      "Complete",
    ]);
    expect(result?.leftovers).to.deep.equal({ ...noLeftovers, outputs: [key(job)] });
  });

  it("publishes nothing after it is canceled, and leaves no process", async () => {
    const job = await upload(longClip);
    const worker = bench.start(job);
    await waitForPercent(job, worker, 2);
    await bench.store.cancel(job.id, "cancelled by a test");
    const result = await bench.finish(job, worker);
    expect(result.code, worker.log()).to.equal(0);
    expect({ status: result.job.status, report: result.job.report }).to.deep.equal({
      status: "Canceled",
      report: undefined,
    });
    expect(result.leftovers).to.deep.equal(noLeftovers);
  });

  it("stops if its parent process exits", async () => {
    const job = await upload(longClip);
    const worker = bench.start(job);
    await waitForPercent(job, worker, 2);
    worker.child.disconnect();
    const result = await bench.finish(job, worker);
    expect(result.code, worker.log()).to.equal(75);
    expectAnotherAttempt(result);
  });

  it("processes its own version and never replaces a newer version's output", async () => {
    const older = await upload();
    const newerVersion = join(bench.root, "newer.mp4");
    makeMedia("-f", "lavfi", "-i", "testsrc=s=320x180:r=25:d=2", "-c:v", "libx264", newerVersion);
    const newer = await bench.upload("watermarks", older.source.key, newerVersion);
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

  it("does not overwrite another source's output, and names the owner", async () => {
    const job = await upload();
    await bench.objects.write(
      { bucket: "output", key: key(job) },
      { text: "somebody else's" },
      { contentType: "text/plain", metadata: { "reelway-job": "other", "reelway-source": "other" } },
    );
    const result = await bench.finish(job, bench.start(job));
    expect({ status: result.job.status, code: result.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 3002,
    });
    expect(result.leftovers).to.deep.equal({ ...noLeftovers, outputs: [key(job)] });
  });

  it("ends with 3001 if the source is gone, and with 4003 if the watermark is gone", async () => {
    const job = await upload();
    const missing = await bench.store.claim({
      ...job,
      id: job.id.replace(/^./, (first) => (first === "a" ? "b" : "a")),
      source: { ...job.source, key: "unprocessed-videos/never.mp4", versionId: undefined },
    });
    const missingSource = await bench.finish(missing.job, bench.start(missing.job));
    const unmarked = join(bench.root, "unmarked.mp4");
    await writeFile(unmarked, "");
    const marked = await bench.upload("watermarks", "unprocessed-videos/marked.mp4", clip, {
      watermark: "watermarks/none.png",
    });
    const second = await bench.finish(marked, bench.start(marked));
    expect({ status: missingSource.job.status, code: missingSource.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 3001,
    });
    expect({ status: second.job.status, code: second.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 4003,
    });
    for (const { leftovers } of [missingSource, second]) expect(leftovers).to.deep.equal(noLeftovers);
  });
});
