import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { unquoteEtag } from "../../pipeline/ports/etag.ts";
import { type S3Server, startS3Server } from "./s3-server.ts";
import { type Bench, makeMedia, nothing, openBench } from "./worker-bench.ts";

const smallClip = (seconds: number, size: string) =>
  `-f lavfi -i testsrc=s=${size}:r=25:d=${seconds},noise=alls=20 -c:v mjpeg -movflags +faststart`.split(" ");

describe("sources that stall or change while they are read", function () {
  this.timeout(240_000);
  let bench: Bench;
  let versioned: S3Server;
  let unversioned: S3Server;
  let clip: string;
  let other: string;
  let shorter: string;
  let half: number;

  before(async () => {
    bench = await openBench();
    [versioned, unversioned] = await Promise.all([
      startS3Server(bench.objects),
      startS3Server(bench.objects, { versioned: false }),
    ]);
    [clip, other, shorter] = [
      join(bench.root, "a.mov"),
      join(bench.root, "b.mov"),
      join(bench.root, "c.mov"),
    ];
    makeMedia(...smallClip(8, "320x180"), clip);
    makeMedia(...smallClip(8, "160x90"), other);
    makeMedia(...smallClip(1, "160x90"), shorter);
    half = Math.floor((await bench.bytesOf(clip)) / 2);
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.put("watermarks/default.png", logo);
  });
  after(async () => {
    await Promise.all([versioned.close(), unversioned.close()]);
    await bench.close();
  });

  /** A job whose bucket has no versions, as its claim would have it. */
  const withoutVersion = async (name: string): Promise<Job> => {
    const { versionId: _, ...head } = await bench.put(`unprocessed-videos/${name}`, clip);
    return bench.claim(bench.route("watermarks"), { ...head, etag: unquoteEtag(head.etag) });
  };

  for (const [moment, from] of [
    ["before its first byte", () => 0],
    ["in its middle", () => half],
  ] as const)
    it(`is tried again when the store stalls ${moment}`, async () => {
      const job = await bench.upload("watermarks", `unprocessed-videos/stalled ${moment}.mov`, clip);
      const hold = versioned.hold(job.source.key, from());

      const worker = bench.start(job, { ...versioned.environment, READ_TIMEOUT_SECONDS: "1" });
      const end = await bench.finish(job, worker);

      expect(end.code, worker.log()).to.equal(75);
      expect(end.report?.error).to.include({ code: 3000, name: "StorageError", retryable: true });
      expect(end.report?.error?.message).to.match(
        /^Reading .* at byte \d+ failed: no data received for 1 s\.$/,
      );
      expect({ status: end.job.status, attempt: end.job.attempt }).to.deep.equal({
        status: "Submitted",
        attempt: 2,
      });
      expect(end.left).to.deep.equal(nothing);

      hold.release();
      const again = bench.start(end.job, versioned.environment);
      const second = await bench.finish(end.job, again);
      expect({ status: second.job.status, error: second.job.error }, again.log()).to.deep.equal({
        status: "Complete",
        error: null,
      });
    });

  it("is left at once when its job is cancelled while the store stalls", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/cancelled.mov", clip);
    const hold = versioned.hold(job.source.key, half);
    const worker = bench.start(job, { ...versioned.environment, READ_TIMEOUT_SECONDS: "600" });
    await hold.reached;

    await bench.store.cancel(job.id, "cancelled by a test");
    const end = await bench.finish(job, worker);

    expect(end.code, worker.log()).to.equal(0);
    expect({ status: end.job.status, report: end.job.report }).to.deep.equal({
      status: "Canceled",
      report: undefined,
    });
    expect(end.left).to.deep.equal(nothing);
  });

  it("is read to the end in the version of the job, whatever is uploaded meanwhile", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/pinned.mov", clip);
    const hold = versioned.hold(job.source.key, half);
    const worker = bench.start(job, versioned.environment);
    await hold.reached;

    await bench.put(job.source.key, other);
    hold.release();
    const end = await bench.finish(job, worker);

    expect({ status: end.job.status, error: end.job.error }, worker.log()).to.deep.equal({
      status: "Complete",
      error: null,
    });
    expect(end.job.outputs).to.have.length(1);
    expect(end.job.outputs[0]).to.include({ width: 320, height: 180 });
    expect(end.left).to.deep.equal({ ...nothing, outputs: job.specification?.outputKeys });
  });

  it("is worked in a bucket without versions while it stays what its event told of", async () => {
    const job = await withoutVersion("same.mov");

    const worker = bench.start(job, unversioned.environment);
    const end = await bench.finish(job, worker);

    expect({ status: end.job.status, error: end.job.error }, worker.log()).to.deep.equal({
      status: "Complete",
      error: null,
    });
  });

  for (const [what, file] of [
    ["another clip", () => other],
    ["a shorter one", () => shorter],
  ] as const)
    it(`ends as replaced, not as broken, when ${what} takes its place in a bucket without versions`, async () => {
      const job = await withoutVersion(`${what}.mov`);
      const hold = unversioned.hold(job.source.key, half);
      const worker = bench.start(job, unversioned.environment);
      await hold.reached;

      await bench.put(job.source.key, file());
      hold.release();
      const end = await bench.finish(job, worker);

      expect(end.job.status, worker.log()).to.equal("Error");
      expect(end.job.error).to.include({ code: 3001, name: "InputNotFound", retryable: false });
      expect(end.job.error?.message).to.match(/was replaced after this job was created/);
      expect(end.left).to.deep.equal(nothing);
    });
});
