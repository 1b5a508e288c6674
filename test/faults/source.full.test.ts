import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { unquoteEtag } from "../../pipeline/ports/etag.ts";
import { type S3Server, startS3Server } from "./s3-server.ts";
import { type Bench, expectAnotherAttempt, makeMedia, noLeftovers, openBench } from "./worker-bench.ts";

const smallClip = (seconds: number, size: string) =>
  `-f lavfi -i testsrc=s=${size}:r=25:d=${seconds},noise=alls=20 -c:v mjpeg -movflags +faststart`.split(" ");

describe("sources that stall or change during a read", function () {
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
    makeMedia(...smallClip(4, "320x180"), clip);
    makeMedia(...smallClip(4, "160x90"), other);
    makeMedia(...smallClip(1, "160x90"), shorter);
    half = Math.floor((await bench.bytesOf(clip)) / 2);
    await bench.putWatermark();
  });
  after(async () => {
    await Promise.all([versioned.close(), unversioned.close()]);
    await bench.close();
  });

  /** A job whose bucket has no versions, as its claim would have it. */
  const claimUnversioned = async (name: string): Promise<Job> => {
    const { versionId: _, ...head } = await bench.put(`unprocessed-videos/${name}`, clip);
    return bench.claim(bench.route("watermarks"), { ...head, etag: unquoteEtag(head.etag) });
  };

  for (const [moment, from] of [
    ["before its first byte", () => 0],
    ["in its middle", () => half],
  ] as const)
    it(`leads to another attempt if the store stalls ${moment}`, async () => {
      const job = await bench.upload("watermarks", `unprocessed-videos/stalled ${moment}.mov`, clip);
      const hold = versioned.hold(job.source.key, from());

      const worker = bench.start(job, { ...versioned.environment, READ_TIMEOUT_SECONDS: "1" });
      const result = await bench.finish(job, worker);

      expect(result.code, worker.log()).to.equal(75);
      expect(result.report?.error).to.include({ code: 3000, name: "StorageError", retryable: true });
      expect(result.report?.error?.message).to.match(
        /^Reading .* at byte \d+ failed: no data received for 1 s\.$/,
      );
      expectAnotherAttempt(result);

      hold.release();
      const again = bench.start(result.job, versioned.environment);
      const second = await bench.finish(result.job, again);
      expect({ status: second.job.status, error: second.job.error }, again.log()).to.deep.equal({
        status: "Complete",
        error: null,
      });
    });

  it("stops at once if its job is canceled while the store stalls", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/cancelled.mov", clip);
    const hold = versioned.hold(job.source.key, half);
    const worker = bench.start(job, { ...versioned.environment, READ_TIMEOUT_SECONDS: "600" });
    await hold.reached;

    await bench.store.cancel(job.id, "cancelled by a test");
    const result = await bench.finish(job, worker);

    expect(result.code, worker.log()).to.equal(0);
    expect({ status: result.job.status, report: result.job.report }).to.deep.equal({
      status: "Canceled",
      report: undefined,
    });
    expect(result.leftovers).to.deep.equal(noLeftovers);
  });

  it("is read to the end in the job's version, despite newer uploads", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/pinned.mov", clip);
    const hold = versioned.hold(job.source.key, half);
    const worker = bench.start(job, versioned.environment);
    await hold.reached;

    await bench.put(job.source.key, other);
    hold.release();
    const result = await bench.finish(job, worker);

    expect({ status: result.job.status, error: result.job.error }, worker.log()).to.deep.equal({
      status: "Complete",
      error: null,
    });
    expect(result.job.outputs).to.have.length(1);
    expect(result.job.outputs[0]).to.include({ width: 320, height: 180 });
    expect(result.leftovers).to.deep.equal({ ...noLeftovers, outputs: job.specification?.outputKeys });
  });

  it("is processed in a bucket without versioning while it is unchanged", async () => {
    const job = await claimUnversioned("same.mov");

    const worker = bench.start(job, unversioned.environment);
    const result = await bench.finish(job, worker);

    expect({ status: result.job.status, error: result.job.error }, worker.log()).to.deep.equal({
      status: "Complete",
      error: null,
    });
  });

  for (const [title, file] of [
    ["another clip", () => other],
    ["a shorter one", () => shorter],
  ] as const)
    it(`ends as replaced if ${title} replaces it in a bucket without versioning`, async () => {
      const job = await claimUnversioned(`${title}.mov`);
      const hold = unversioned.hold(job.source.key, half);
      const worker = bench.start(job, unversioned.environment);
      await hold.reached;

      await bench.put(job.source.key, file());
      hold.release();
      const result = await bench.finish(job, worker);

      expect(result.job.status, worker.log()).to.equal("Error");
      expect(result.job.error).to.include({ code: 3001, name: "InputNotFound", retryable: false });
      expect(result.job.error?.message).to.match(/was replaced after this job was created/);
      expect(result.leftovers).to.deep.equal(noLeftovers);
    });
});
