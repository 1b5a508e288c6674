import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { bombPng } from "./bomb.ts";
import { type Bench, makeMedia, openBench, programs } from "./worker-bench.ts";

describe(`broken and hostile media (ffmpeg ${programs.version})`, function () {
  this.timeout(30_000);
  let bench: Bench;
  let clip: string;

  before(async () => {
    bench = await openBench();
    clip = join(bench.root, "clip.mp4");
    makeMedia(
      ..."-f lavfi -i testsrc=s=320x180:r=25:d=3 -f lavfi -i sine=d=3 -c:v libx264 -preset ultrafast -g 25 -c:a aac -movflags +faststart -shortest".split(
        " ",
      ),
      clip,
    );
  });
  after(() => bench.close());

  const expectNothingLeft = async (prefix: string, processes: readonly number[]) => {
    expect((await bench.outputs()).filter((key) => key.includes(prefix))).to.deep.equal([]);
    expect(await bench.leftovers()).to.deep.equal([]);
    expect(processes).to.deep.equal([]);
  };
  const expectRefused = async (
    name: string,
    file: string,
    codes: readonly number[],
    route = "thumbnails",
  ) => {
    const prefix = route === "images" ? "images" : route === "watermarks" ? "unprocessed-videos" : route;
    const job = await bench.upload(route, `${prefix}/${name}`, file);
    if (job.status === "Error") return job.error;
    const end = await bench.run(job);
    expect(end.job?.report?.error?.code, end.log).to.be.oneOf(codes);
    expect(end.code).to.equal(65);
    await expectNothingLeft(name, end.processes);
    return end.job?.report?.error;
  };

  it("makes a thumbnail of a sound clip and leaves nothing behind", async () => {
    const job = await bench.upload("thumbnails", "thumbnails/good.mp4", clip);
    const end = await bench.run(job);
    expect(end.code, end.log).to.equal(0);
    expect(await bench.outputs()).to.include("thumb/good.mp4.png");
    const head = await bench.objects.head({ bucket: "output", key: "thumb/good.mp4.png" });
    expect(head?.metadata).to.include({ "reelway-job": job.id, "reelway-route": "thumbnails" });
    expect(await bench.leftovers()).to.deep.equal([]);
  });

  it("says that a text named .mp4 is no media", async () => {
    const file = join(bench.root, "text.mp4");
    await writeFile(file, "This is a letter, not a film.\n".repeat(200));
    await expectRefused("text.mp4", file, [4000]);
  });

  it("refuses a file of zero bytes", async () => {
    const file = join(bench.root, "zero.mp4");
    await writeFile(file, "");
    expect(await expectRefused("zero.mp4", file, [4002])).to.include({ retryable: false });
  });

  it("publishes nothing of a clip that is cut in half", async () => {
    const file = join(bench.root, "half.mp4");
    await copyFile(clip, file);
    await truncate(file, Math.floor((await bench.bytesOf(clip)) / 2));
    const job = await bench.upload("watermarks", "unprocessed-videos/half.mp4", file);
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.objects.write(
      { bucket: "input", key: "watermarks/default.png" },
      { file: logo },
      { contentType: "image/png" },
    );
    const end = await bench.run(job);
    expect(end.job?.report?.error?.code, end.log).to.equal(4002);
    expect(end.code).to.equal(65);
    await expectNothingLeft("half", end.processes);
  });

  it("works a clip with flipped bits, or says that it is broken; never half", async () => {
    const file = join(bench.root, "flipped.mp4");
    const bytes = await readFile(clip);
    for (let index = 0; index < 200; index += 1) {
      const at = 6000 + ((index * 7919) % (bytes.length - 7000));
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
    }
    await writeFile(file, bytes);
    const job = await bench.upload("watermarks", "unprocessed-videos/flipped.mp4", file);
    const end = await bench.run(job);
    if (end.code === 0) {
      expect(end.job?.report?.warnings.join(), end.log).to.match(/errors in the source/);
      expect(end.job?.report?.outputs[0]?.durationSeconds).to.be.closeTo(3, 0.25);
    } else {
      expect(end.code, end.log).to.equal(65);
      await expectNothingLeft("flipped", end.processes);
    }
    expect(await bench.leftovers()).to.deep.equal([]);
  });

  it("follows no playlist or script to a local file or to a listener", async () => {
    const requests: string[] = [];
    const listener = createServer((request, response) => {
      requests.push(request.url ?? "");
      response.end();
    });
    await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
    const address = listener.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      for (const target of [`http://127.0.0.1:${port}/x.ts`, clip]) {
        const scripts = {
          hls: `#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n${target}\n#EXT-X-ENDLIST\n`,
          dash: `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S" profiles="urn:mpeg:dash:profile:isoff-on-demand:2011"><Period><AdaptationSet mimeType="video/mp4"><Representation id="0" bandwidth="1" width="320" height="180"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
          concat: `ffconcat version 1.0\nfile '${target}'\n`,
        };
        for (const [kind, text] of Object.entries(scripts)) {
          const name = `${kind}-${target.startsWith("http") ? "net" : "file"}.mp4`;
          const file = join(bench.root, name);
          await writeFile(file, text);
          await expectRefused(name, file, [4000]);
        }
      }
      expect(requests).to.deep.equal([]);
    } finally {
      listener.close();
    }
  });

  it("refuses a picture of more pixels than allowed, in bounded memory", async () => {
    const file = join(bench.root, "bomb.png");
    await writeFile(file, bombPng(16_000, 16_000));
    const job = await bench.upload("images", "images/bomb.png", file);
    const worker = bench.start(job);
    let peak = 0;
    for (;;) {
      let together = 0;
      for (const pid of await worker.processes()) {
        const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
        together += Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
      }
      peak = Math.max(peak, together);
      if (worker.child.exitCode !== null) break;
    }
    expect(peak / 1024).to.be.below(400);
    expect((await worker.ended).code, worker.log()).to.equal(65);
    expect((await bench.store.read(job.id))?.report?.error?.code).to.be.oneOf([4000, 4001]);
    await expectNothingLeft("bomb", await worker.processes());
  });
});
