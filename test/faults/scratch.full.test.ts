import { rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type S3Server, startS3Server } from "./s3-server.ts";
import { type Bench, expectAnotherAttempt, makeMedia, noLeftovers, openBench } from "./worker-bench.ts";

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
    await bench.putWatermark();
  });
  after(async () => {
    await server.close();
    await bench.close();
  });

  it("leads to another attempt if ffmpeg finds it full", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/full.mov", clip);
    const hold = server.hold(job.source.key, 0);
    const worker = bench.start(job, server.environment);
    await hold.reached;
    await symlink("/dev/full", join(bench.folderOf(job), "watermarked.mp4"));

    hold.release();
    const result = await bench.finish(job, worker);

    expect(result.code, worker.log()).to.equal(75);
    expect(result.report?.error).to.include({ code: 9000, retryable: true });
    expect(result.report?.error?.message).to.match(/^The scratch volume .* is full\. /);
    expectAnotherAttempt(result);

    const second = await bench.finish(result.job, bench.start(result.job, server.environment));
    expect({ status: second.job.status, error: second.job.error }).to.deep.equal({
      status: "Complete",
      error: null,
    });
  });

  for (const [title, damageFolder] of [
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
    it(`leads to another attempt if the attempt's folder is ${title} while ffmpeg runs`, async () => {
      const job = await bench.upload("watermarks", `unprocessed-videos/${title}.mov`, clip);
      const hold = server.hold(job.source.key, Math.floor((await bench.bytesOf(clip)) * 0.5));
      const worker = bench.start(job, server.environment);
      await hold.reached;
      await bench.waitForJob(job, worker, ({ progress }) => progress.percent >= 2);
      await damageFolder(bench.folderOf(job));

      hold.release();
      const result = await bench.finish(job, worker);

      expect(result.code, worker.log()).to.equal(75);
      expect(result.report?.error).to.include({ code: 9000, retryable: true });
      expect(result.report?.error?.message).to.match(
        /^The attempt's folder .* was deleted while the job was running\. /,
      );
      expectAnotherAttempt(result);
      const second = await bench.finish(result.job, bench.start(result.job, server.environment));
      expect({ status: second.job.status, error: second.job.error }).to.deep.equal({
        status: "Complete",
        error: null,
      });
    });

  for (const [title, blocks] of [
    ["the worker", 0],
    ["ffmpeg", 8],
  ] as const)
    it(`leads to another attempt if ${title} cannot write`, async () => {
      const job = await bench.upload("thumbnails", `thumbnails/${blocks}.mov`, clip);

      const worker = bench.start(job, {}, `ulimit -f ${blocks}`);
      const result = await bench.finish(job, worker);

      expect(result.code, worker.log()).to.equal(75);
      expect(result.report?.error).to.include({ code: 9000, retryable: true });
      expect(result.report?.error?.message).to.match(/^The scratch volume .* is full\. /);
      expectAnotherAttempt(result);
    });

  it("ends a job that exceeds the scratch limit while it runs", async () => {
    const job = await bench.upload("watermarks", "unprocessed-videos/large.mov", clip);
    // ffmpeg cannot finish, so only the limit ends the worker, whether it has read up to the hold or not.
    server.hold(job.source.key, Math.floor((await bench.bytesOf(clip)) * 0.9));

    const worker = bench.start(job, {
      ...server.environment,
      MAX_SCRATCH_BYTES: "100000",
      READ_TIMEOUT_SECONDS: "600",
    });
    const result = await bench.finish(job, worker);

    expect(result.code, worker.log()).to.equal(65);
    expect(result.job.status).to.equal("Error");
    expect(result.job.error).to.include({ code: 4005, name: "LimitExceeded", retryable: false });
    expect(result.job.error?.message).to.match(/bytes of scratch space; the limit is 100000\./);
    expect(result.leftovers).to.deep.equal(noLeftovers);
  });
});
