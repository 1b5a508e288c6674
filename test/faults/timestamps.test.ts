import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { type Bench, makeMedia, nothing, openBench } from "./worker-bench.ts";

const h264 = "-vsync passthrough -c:v libx264 -preset ultrafast -g 10".split(" ");

/**
 * Makes a Matroska file say that it lasts other than it does: its Duration (milliseconds, 8-byte float; RFC 9559,
 * 5.1.2.10) and every stream's DURATION tag.
 */
const claimSeconds = (movie: Buffer, seconds: number): Buffer => {
  const lying = Buffer.from(movie);
  lying.writeDoubleBE(seconds * 1000, lying.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3);
  const text = `00:00:${seconds.toFixed(9).padStart(12, "0")}`;
  const tag = Buffer.from("DURATIOND\x87", "latin1");
  for (let at = lying.indexOf(tag); at >= 0; at = lying.indexOf(tag, at + 1))
    lying.write(text, at + tag.length + 1);
  return lying;
};

describe("timestamps that jump by hours", function () {
  this.timeout(180_000);
  let bench: Bench;

  before(async () => {
    bench = await openBench();
    const logo = join(bench.root, "logo.png");
    makeMedia("-f", "lavfi", "-i", "color=red:s=64x64", "-frames:v", "1", logo);
    await bench.put("watermarks/default.png", logo);
  });
  after(() => bench.close());

  /** Two seconds of picture and sound whose timestamps are moved by an expression of `T`, seconds. */
  const jumping = async (name: string, seconds: string): Promise<string> => {
    const file = join(bench.root, name);
    makeMedia(
      ..."-f lavfi -i testsrc=s=64x48:r=25:d=2 -f lavfi -i sine=d=2 -filter_complex".split(" "),
      `[0]setpts='PTS+(${seconds})/TB'[v];[1]asetpts='PTS+(${seconds})/TB'[a]`,
      ..."-map [v] -map [a] -c:a aac".split(" "),
      ...h264,
      file,
    );
    return file;
  };
  const lying = async (name: string, seconds: string): Promise<string> => {
    const file = await jumping(name, seconds);
    await writeFile(file, claimSeconds(await readFile(file), 2));
    return file;
  };
  const finish = async (job: Job) => {
    const worker = bench.start(job);
    return { ...(await bench.finish(job, worker)), log: worker.log() };
  };
  const tenHours = "gte(T\\,1)*36000";

  for (const extension of ["mp4", "mkv", "ts", "flv"])
    it(`end a ${extension} that says so as over the limit of minutes`, async () => {
      const file = await jumping(`gap.${extension}`, tenHours);
      const job = await bench.upload("watermarks", `unprocessed-videos/gap.${extension}`, file);

      const end = await finish(job);

      expect(end.code, end.log).to.equal(65);
      expect({ status: end.job.status, code: end.job.error?.code }).to.deep.equal({
        status: "Error",
        code: 4005,
      });
      expect(end.job.error?.message).to.match(/600\.0 minutes long, over the limit maxSourceMinutes of 240/);
      expect(end.left).to.deep.equal(nothing);
    });

  for (const [route, key] of [
    ["watermarks", "unprocessed-videos/lie.mkv"],
    ["web", "lie.mkv"],
  ] as const)
    it(`are not believed in a file that says it is short: ${route} makes the length that it says`, async () => {
      const job = await bench.upload(route, key, await lying("lie.mkv", tenHours));

      const end = await finish(job);

      expect({ status: end.job.status, error: end.job.error }, end.log).to.deep.equal({
        status: "Complete",
        error: null,
      });
      const lengths = end.job.outputs.flatMap(({ durationSeconds }) => durationSeconds ?? []);
      expect(lengths).to.not.deep.equal([]);
      for (const seconds of lengths) expect(seconds).to.be.closeTo(2, 0.25);
      expect(end.left).to.deep.include({ processes: [], scratch: [], staged: [] });
    });

  it("in many steps, each too small to notice, end as broken before they fill anything", async () => {
    const file = await lying("steps.mkv", "floor(T*25)*50");
    const job = await bench.upload("web", "steps.mkv", file);

    const end = await finish(job);

    expect(end.code, end.log).to.equal(65);
    expect({ status: end.job.status, code: end.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 4002,
    });
    expect(end.left).to.deep.equal(nothing);
  });
});
