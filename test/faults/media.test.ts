import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect } from "chai";
import { type Bench, makeMedia, noLeftovers, openBench, programs } from "./worker-bench.ts";

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
    await bench.putWatermark();
  });
  after(() => bench.close());

  /** Processes an upload, whose job must end with an Error of the media. */
  const expectRefused = async (route: string, key: string, file: string, code: number) => {
    const job = await bench.upload(route, key, file);
    const worker = bench.start(job);
    const result = await bench.finish(job, worker);
    expect(result.code, worker.log()).to.equal(65);
    expect({ status: result.job.status, code: result.job.error?.code }).to.deep.equal({
      status: "Error",
      code,
    });
    expect(result.job.error?.retryable).to.equal(false);
    expect(result.leftovers).to.deep.equal(noLeftovers);
    return result.job.error?.message;
  };

  it("creates a thumbnail and leaves no other files", async () => {
    const job = await bench.upload("thumbnails", "thumbnails/good.mp4", clip);
    const worker = bench.start(job);
    const result = await bench.finish(job, worker);
    expect({ status: result.job.status, error: result.job.error }, worker.log()).to.deep.equal({
      status: "Complete",
      error: null,
    });
    const head = await bench.objects.head({ bucket: "output", key: "thumb/good.mp4.png" });
    expect(head?.metadata).to.include({ "reelway-job": job.id, "reelway-route": "thumbnails" });
    expect(result.leftovers).to.deep.equal({ ...noLeftovers, outputs: ["thumb/good.mp4.png"] });
  });

  it("reports that text named .mp4 is not media", async () => {
    const file = join(bench.root, "text.mp4");
    await writeFile(file, "This is a letter, not a film.\n".repeat(200));
    expect(await expectRefused("thumbnails", "thumbnails/text.mp4", file, 4000)).to.match(
      /^thumbnails\/text\.mp4 is not media/,
    );
  });

  it("rejects an empty file", async () => {
    const file = join(bench.root, "zero.mp4");
    await writeFile(file, "");
    expect(await expectRefused("thumbnails", "thumbnails/zero.mp4", file, 4002)).to.match(
      /is empty \(0 bytes\)/,
    );
  });

  for (const [name, headerSeconds] of [
    ["longer", 60],
    ["shorter", 1],
  ] as const)
    it(`processes a recording completely whose header says that it is ${name}`, async () => {
      const file = join(bench.root, `${name}.flv`);
      makeMedia("-i", clip, "-c", "copy", file);
      const bytes = await readFile(file);
      // The value of onMetaData's property is an AMF number: a marker byte, then 8 bytes (FLV 10.1, annex E.5).
      bytes.writeDoubleBE(headerSeconds, bytes.indexOf("duration") + "duration".length + 1);
      await writeFile(file, bytes);

      const job = await bench.upload("watermarks", `unprocessed-videos/${name}.flv`, file);
      const worker = bench.start(job);
      const { job: closed } = await bench.finish(job, worker);
      expect({ status: closed.status, error: closed.error }, worker.log()).to.deep.equal({
        status: "Complete",
        error: null,
      });
      expect(closed.outputs[0]?.durationSeconds).to.be.closeTo(3, 0.1);
    });

  it("publishes nothing of a truncated clip", async () => {
    const file = join(bench.root, "half.mp4");
    await copyFile(clip, file);
    await truncate(file, Math.floor((await bench.bytesOf(clip)) / 2));
    await expectRefused("watermarks", "unprocessed-videos/half.mp4", file, 4002);
  });

  it("processes a clip with flipped bits completely or reports it as broken", async () => {
    const file = join(bench.root, "flipped.mp4");
    const bytes = await readFile(clip);
    for (let index = 0; index < 200; index += 1) {
      const at = 6000 + ((index * 7919) % (bytes.length - 7000));
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
    }
    await writeFile(file, bytes);
    const job = await bench.upload("watermarks", "unprocessed-videos/flipped.mp4", file);
    const worker = bench.start(job);
    const result = await bench.finish(job, worker);
    const { outputs, ...rest } = result.leftovers;
    if (result.code === 0) {
      expect(result.report?.warnings.join(), worker.log()).to.match(/errors in the source/);
      expect(result.job.status).to.equal("Complete");
      expect(result.job.outputs[0]?.durationSeconds).to.be.closeTo(3, 0.25);
      expect(outputs).to.deep.equal(job.specification?.outputKeys);
    } else {
      expect(result.code, worker.log()).to.equal(65);
      expect({ status: result.job.status, code: result.job.error?.code }).to.deep.equal({
        status: "Error",
        code: 4002,
      });
      expect(outputs).to.deep.equal([]);
    }
    expect({ ...rest, outputs: [] }).to.deep.equal(noLeftovers);
  });

  it("opens no local file or listener referenced by a playlist or script", async () => {
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
