import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { type Bench, makeMedia, nothing, openBench, programs } from "./worker-bench.ts";

describe(`broken and hostile media (ffmpeg ${programs.version})`, function () {
  this.timeout(240_000);
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
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.put("watermarks/default.png", logo);
  });
  after(() => bench.close());

  /** Works an upload to its record's end, which must be an Error of the media. */
  const expectRefused = async (route: string, key: string, file: string, code: number) => {
    const job = await bench.upload(route, key, file);
    const worker = bench.start(job);
    const end = await bench.finish(job, worker);
    expect(end.code, worker.log()).to.equal(65);
    expect({ status: end.job.status, code: end.job.error?.code }).to.deep.equal({ status: "Error", code });
    expect(end.job.error?.retryable).to.equal(false);
    expect(end.left).to.deep.equal(nothing);
    return end.job.error?.message;
  };

  it("makes a thumbnail of a sound clip and leaves nothing behind", async () => {
    const job = await bench.upload("thumbnails", "thumbnails/good.mp4", clip);
    const worker = bench.start(job);
    const end = await bench.finish(job, worker);
    expect({ status: end.job.status, error: end.job.error }, worker.log()).to.deep.equal({
      status: "Complete",
      error: null,
    });
    const head = await bench.objects.head({ bucket: "output", key: "thumb/good.mp4.png" });
    expect(head?.metadata).to.include({ "reelway-job": job.id, "reelway-route": "thumbnails" });
    expect(end.left).to.deep.equal({ ...nothing, outputs: ["thumb/good.mp4.png"] });
  });

  it("says that a text named .mp4 is no media", async () => {
    const file = join(bench.root, "text.mp4");
    await writeFile(file, "This is a letter, not a film.\n".repeat(200));
    expect(await expectRefused("thumbnails", "thumbnails/text.mp4", file, 4000)).to.match(
      /^thumbnails\/text\.mp4 is not media/,
    );
  });

  it("refuses a file of zero bytes", async () => {
    const file = join(bench.root, "zero.mp4");
    await writeFile(file, "");
    expect(await expectRefused("thumbnails", "thumbnails/zero.mp4", file, 4002)).to.match(
      /is empty \(0 bytes\)/,
    );
  });

  it("publishes nothing of a clip that is cut in half", async () => {
    const file = join(bench.root, "half.mp4");
    await copyFile(clip, file);
    await truncate(file, Math.floor((await bench.bytesOf(clip)) / 2));
    await expectRefused("watermarks", "unprocessed-videos/half.mp4", file, 4002);
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
    const worker = bench.start(job);
    const end = await bench.finish(job, worker);
    const { outputs, ...rest } = end.left;
    if (end.code === 0) {
      expect(end.report?.warnings.join(), worker.log()).to.match(/errors in the source/);
      expect(end.job.status).to.equal("Complete");
      expect(end.job.outputs[0]?.durationSeconds).to.be.closeTo(3, 0.25);
      expect(outputs).to.deep.equal(job.specification?.outputKeys);
    } else {
      expect(end.code, worker.log()).to.equal(65);
      expect({ status: end.job.status, code: end.job.error?.code }).to.deep.equal({
        status: "Error",
        code: 4002,
      });
      expect(outputs).to.deep.equal([]);
    }
    expect({ ...rest, outputs: [] }).to.deep.equal(nothing);
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
          await expectRefused("thumbnails", `thumbnails/${name}`, file, 4000);
        }
      }
      expect(requests).to.deep.equal([]);
    } finally {
      listener.close();
    }
  });
});
