import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Bench, makeMedia, nothing, openBench } from "./worker-bench.ts";

/** Real volumes that run full; to mount them takes root. */
describe("volumes that run full", () => {
  let bench: Bench;
  let clip: string;
  const mounted: string[] = [];

  const mountSmall = async (folder: string, size: string) => {
    await mkdir(folder, { recursive: true });
    execFileSync("/bin/mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
    mounted.push(folder);
  };

  beforeEach(async () => {
    bench = await openBench();
    clip = join(bench.root, "clip.mkv");
    makeMedia(
      ..."-f lavfi -i testsrc=s=640x360:r=25:d=3,noise=alls=60:allf=t -c:v mjpeg -q:v 3".split(" "),
      clip,
    );
  });
  afterEach(async () => {
    for (const folder of mounted.splice(0)) execFileSync("/bin/umount", [folder]);
    await bench.close();
  });

  for (const [route, key, why] of [
    ["thumbnails", "thumbnails/a.mkv", "of which ffmpeg's picture muxer says nothing"],
    ["ladder", "a.mkv", "of which ffmpeg's DASH muxer says nothing"],
  ] as const)
    it(`asks for another attempt when scratch runs full, ${why}`, async () => {
      const job = await bench.upload(route, key, clip);
      await mountSmall(bench.scratch, "400k");

      const worker = bench.start(job);
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

  it("asks for another attempt when the objects' volume runs full, and takes back what it had published", async () => {
    await mountSmall(join(bench.root, "objects"), String((await bench.bytesOf(clip)) + 400_000));
    const job = await bench.upload("ladder", "a.mkv", clip);

    const worker = bench.start(job);
    const end = await bench.finish(job, worker);

    expect(end.code, worker.log()).to.equal(75);
    expect(end.report?.error).to.include({ code: 3000, name: "StorageError", retryable: true });
    expect(end.report?.error?.message).to.match(/^Writing output .* ENOSPC/s);
    expect({ status: end.job.status, attempt: end.job.attempt }).to.deep.equal({
      status: "Submitted",
      attempt: 2,
    });
    expect(end.left).to.deep.equal(nothing);
  });
});
