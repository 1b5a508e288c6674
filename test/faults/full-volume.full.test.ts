import { execFileSync } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Bench, expectAnotherAttempt, makeMedia, openBench } from "./worker-bench.ts";

/** Real volumes that run full; to mount them takes root. */
describe("full volumes", () => {
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

  for (const [route, key, title] of [
    ["thumbnails", "thumbnails/a.mkv", "of which ffmpeg's picture muxer says nothing"],
    ["ladder", "a.mkv", "of which ffmpeg's DASH muxer says nothing"],
  ] as const)
    it(`requests another attempt if scratch is full, ${title}`, async () => {
      const job = await bench.upload(route, key, clip);
      await mountSmall(bench.scratch, "400k");

      const worker = bench.start(job);
      const result = await bench.finish(job, worker);

      expect(result.code, worker.log()).to.equal(75);
      expect(result.report?.error).to.include({ code: 9000, retryable: true });
      expect(result.report?.error?.message).to.match(/^The scratch volume .* is full\. /);
      expectAnotherAttempt(result);
    });

  it("requests another attempt if the objects' volume is full, and withdraws published outputs", async () => {
    await mountSmall(join(bench.root, "objects"), String((await bench.bytesOf(clip)) + 400_000));
    const job = await bench.upload("ladder", "a.mkv", clip);

    const worker = bench.start(job);
    const result = await bench.finish(job, worker);

    expect(result.code, worker.log()).to.equal(75);
    expect(result.report?.error).to.include({ code: 3000, name: "StorageError", retryable: true });
    expect(result.report?.error?.message).to.match(/^Writing output .* ENOSPC/s);
    expectAnotherAttempt(result);
  });
});
