import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { bombPng } from "./bomb.ts";
import { measurePeakMemory } from "./peak-memory.ts";
import { type Bench, makeMedia, noLeftovers, openBench } from "./worker-bench.ts";

/** MB that the worker and its children may hold together. */
const allowed = 400;
const h264 = "-c:v libx264 -preset ultrafast -tune zerolatency -threads 1 -pix_fmt yuv420p".split(" ");

/** Writes other dimensions into the track and the sample description of an MP4 (ISO/IEC 14496-12, 8.3.2, 12.1.3). */
const rewriteSize = (movie: Buffer, width: number, height: number): Buffer => {
  const lying = Buffer.from(movie);
  const track = lying.indexOf("tkhd") + 4 + 76;
  lying.writeUInt32BE(width * 65_536, track);
  lying.writeUInt32BE(height * 65_536, track + 4);
  const sample = lying.indexOf("avc1", lying.indexOf("stsd")) + 4 + 24;
  lying.writeUInt16BE(width, sample);
  lying.writeUInt16BE(height, sample + 2);
  return lying;
};

describe("pixel bombs", function () {
  this.timeout(240_000);
  let bench: Bench;
  const files: Record<string, string> = {};

  before(async () => {
    bench = await openBench();
    const createFile = (name: string): string => {
      files[name] = join(bench.root, name);
      return files[name];
    };
    await writeFile(createFile("huge.png"), bombPng(16_000, 16_000));
    makeMedia(
      ..."-f lavfi -i color=red:s=8192x8192:r=1 -frames:v 1".split(" "),
      ...h264,
      createFile("huge.mp4"),
    );
    makeMedia(..."-f lavfi -i testsrc=s=64x48:r=25:d=2".split(" "), ...h264, createFile("small.ts"));
    makeMedia(..."-f lavfi -i testsrc=s=64x48:r=25:d=2".split(" "), ...h264, createFile("small.mp4"));
    const later = createFile("huge-later.ts");
    makeMedia("-i", createFile("huge.mp4"), "-c", "copy", "-output_ts_offset", "4", later);
    await writeFile(
      createFile("liar.mp4"),
      rewriteSize(await readFile(join(bench.root, "huge.mp4")), 64, 64),
    );
    await writeFile(
      createFile("grows.ts"),
      Buffer.concat([await readFile(join(bench.root, "small.ts")), await readFile(later)]),
    );
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", createFile("logo.png"));
    await bench.put("watermarks/default.png", createFile("logo.png"));
    await bench.put("watermarks/huge.png", createFile("huge.png"));
  });
  after(() => bench.close());

  const upload = (route: string, key: string, name: string, metadata = {}): Promise<Job> =>
    bench.upload(route, key, files[name] ?? "", metadata);
  const expectRefused = async (job: Job, code: number, message: RegExp) => {
    const worker = bench.start(job);
    const peak = await measurePeakMemory(worker);
    const result = await bench.finish(job, worker);

    expect(peak).to.be.within(1, allowed);
    expect(result.code, worker.log()).to.equal(65);
    expect(result.job.status).to.equal("Error");
    expect(result.job.error).to.include({ code, retryable: false });
    expect(result.job.error?.message).to.match(message);
    expect(result.leftovers).to.deep.equal(noLeftovers);
  };

  it("in an image are rejected in bounded memory", async () => {
    const job = await upload("images", "images/bomb.png", "huge.png");
    await expectRefused(job, 4001, /exceeds the limit of pixels per frame/);
  });

  it("in a watermark are rejected in bounded memory", async () => {
    const job = await upload("watermarks", "unprocessed-videos/marked.mp4", "small.mp4", {
      watermark: "watermarks/huge.png",
    });
    await expectRefused(job, 4004, /^The watermark watermarks\/huge\.png .* exceeds the limit of pixels/);
  });

  for (const [title, name] of [
    ["says how large it is", "huge.mp4"],
    ["says that it is small", "liar.mp4"],
  ] as const)
    it(`in an H.264 file that ${title} are rejected in bounded memory`, async () => {
      const job = await upload("thumbnails", `thumbnails/${name}`, name);
      await expectRefused(job, 4001, /exceeds the limit of pixels per frame|pixels; the limit is/);
    });

  it("after a harmless beginning produce no output, in bounded memory", async () => {
    const job = await upload("watermarks", "unprocessed-videos/grows.ts", "grows.ts");
    await expectRefused(job, 4002, /grows\.ts is damaged or truncated/);
  });
});
