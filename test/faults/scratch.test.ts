import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type S3Server, startS3Server } from "./s3-server.ts";
import { type Bench, makeMedia, nothing, openBench } from "./worker-bench.ts";

describe("a scratch volume without space", function () {
  this.timeout(240_000);
  let bench: Bench;
  let server: S3Server;
  let clip: string;

  before(async () => {
    bench = await openBench();
    server = await startS3Server(bench.objects);
    clip = join(bench.root, "clip.mov");
    makeMedia(
      ..."-f lavfi -i testsrc=s=320x180:r=25:d=6,noise=alls=40:allf=t -c:v mjpeg -q:v 3 -movflags +faststart".split(
        " ",
      ),
      clip,
    );
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.put("watermarks/default.png", logo);
  });
  after(async () => {
    await server.close();
    await bench.close();
  });

  it("is the machine's fault where ffmpeg finds it full: another attempt makes the output", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/full.mov", clip);
    const hold = server.hold(job.source.key, 0);
    const worker = bench.start(job, server.environment);
    await hold.reached;
    await symlink("/dev/full", join(bench.folderOf(job), "watermarked.mp4"));

    hold.release();
    const end = await bench.finish(job, worker);

    expect(end.code, worker.log()).to.equal(75);
    expect(end.report?.error).to.include({ code: 9000, retryable: true });
    expect(end.report?.error?.message).to.match(/^The scratch volume .* is full\. /);
    expect({ status: end.job.status, attempt: end.job.attempt }).to.deep.equal({
      status: "Submitted",
      attempt: 2,
    });
    expect(end.left).to.deep.equal(nothing);

    const second = await bench.finish(end.job, bench.start(end.job, server.environment));
    expect({ status: second.job.status, error: second.job.error }).to.deep.equal({
      status: "Complete",
      error: null,
    });
  });

  for (const [what, spoil] of [
    ["removed", (folder: string) => rm(folder, { recursive: true })],
    // Root may write everywhere, but not into a file.
    [
      "replaced by a file",
      async (folder: string) => {
        await rm(folder, { recursive: true });
        await writeFile(folder, "");
      },
    ],
  ] as const)
    it(`is the machine's fault where the attempt's folder is ${what} while ffmpeg runs`, async () => {
      const job = await bench.upload("watermarks", `unprocessed-videos/${what}.mov`, clip);
      const hold = server.hold(job.source.key, Math.floor((await bench.bytesOf(clip)) * 0.5));
      const worker = bench.start(job, server.environment);
      await hold.reached;
      await bench.until(job, worker, ({ progress }) => progress.percent >= 2);
      await spoil(bench.folderOf(job));

      hold.release();
      const end = await bench.finish(job, worker);

      expect(end.code, worker.log()).to.equal(75);
      expect(end.report?.error).to.include({ code: 9000, retryable: true });
      expect(end.report?.error?.message).to.match(
        /^The attempt's folder .* was deleted while the job was running\. /,
      );
      expect({ status: end.job.status, attempt: end.job.attempt }).to.deep.equal({
        status: "Submitted",
        attempt: 2,
      });
      expect(end.left).to.deep.equal(nothing);
      const second = await bench.finish(end.job, bench.start(end.job, server.environment));
      expect({ status: second.job.status, error: second.job.error }).to.deep.equal({
        status: "Complete",
        error: null,
      });
    });

  for (const [what, blocks] of [
    ["the worker", 0],
    ["ffmpeg", 8],
  ] as const)
    it(`is the machine's fault where ${what} may write no more`, async () => {
      const job = await bench.upload("thumbnails", `thumbnails/${blocks}.mov`, clip);

      const worker = bench.start(job, {}, `ulimit -f ${blocks}`);
      const end = await bench.finish(job, worker);

      expect(end.code, worker.log()).to.equal(75);
      expect(end.report?.error).to.include({ code: 9000, retryable: true });
      expect(end.report?.error?.message).to.match(/^The scratch volume .* is full\. /);
      expect({ status: end.job.status, attempt: end.job.attempt }).to.deep.equal({
        status: "Submitted",
        attempt: 2,
      });
      expect(end.left).to.deep.equal(nothing);
    });

  it("ends a job that makes more than an attempt may hold, while it is being made", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/large.mov", clip);
    const hold = server.hold(job.source.key, Math.floor((await bench.bytesOf(clip)) * 0.9));

    const worker = bench.start(job, {
      ...server.environment,
      MAX_SCRATCH_BYTES: "100000",
      READ_TIMEOUT_SECONDS: "600",
    });
    await hold.reached;
    const end = await bench.finish(job, worker);

    expect(end.code, worker.log()).to.equal(65);
    expect(end.job.status).to.equal("Error");
    expect(end.job.error).to.include({ code: 4005, name: "LimitExceeded", retryable: false });
    expect(end.job.error?.message).to.match(/bytes of scratch space; the limit is 100000\./);
    expect(end.left).to.deep.equal(nothing);
  });
});
