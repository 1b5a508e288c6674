import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Job } from "../../pipeline/jobs/job.ts";
import { type Bench, makeMedia, noLeftovers, openBench } from "./worker-bench.ts";

const h264 = "-vsync passthrough -c:v libx264 -preset ultrafast -g 10".split(" ");

/**
 * Makes a Matroska file say that it lasts other than it does: its Duration (milliseconds, 8-byte float; RFC 9559,
 * 5.1.2.10) and every stream's DURATION tag.
 */
const rewriteDuration = (movie: Buffer, seconds: number): Buffer => {
  const makeMislabeledClip = Buffer.from(movie);
  makeMislabeledClip.writeDoubleBE(
    seconds * 1000,
    makeMislabeledClip.indexOf(Buffer.from([0x44, 0x89, 0x88])) + 3,
  );
  const text = `00:00:${seconds.toFixed(9).padStart(12, "0")}`;
  const tag = Buffer.from("DURATIOND\x87", "latin1");
  for (let at = makeMislabeledClip.indexOf(tag); at >= 0; at = makeMislabeledClip.indexOf(tag, at + 1))
    makeMislabeledClip.write(text, at + tag.length + 1);
  return makeMislabeledClip;
};

describe("timestamps with jumps of hours", function () {
  this.timeout(180_000);
  let bench: Bench;

  before(async () => {
    bench = await openBench();
    await bench.putWatermark();
  });
  after(() => bench.close());

  /** Two seconds of picture and sound whose timestamps are moved by an expression of `T`, seconds. */
  const makeJumpingClip = async (name: string, seconds: string): Promise<string> => {
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
  const makeMislabeledClip = async (name: string, seconds: string): Promise<string> => {
    const file = await makeJumpingClip(name, seconds);
    await writeFile(file, rewriteDuration(await readFile(file), 2));
    return file;
  };
  const finish = async (job: Job) => {
    const worker = bench.start(job);
    return { ...(await bench.finish(job, worker)), log: worker.log() };
  };
  const tenHours = "gte(T\\,1)*36000";

  for (const extension of ["ts", "flv"])
    it(`do not count in a ${extension}, whose clock may restart: the output has the length of the content`, async () => {
      const file = await makeJumpingClip(`gap.${extension}`, tenHours);
      const job = await bench.upload("watermarks", `unprocessed-videos/gap.${extension}`, file);

      const result = await finish(job);

      expect({ status: result.job.status, error: result.job.error }, result.log).to.deep.equal({
        status: "Complete",
        error: null,
      });
      expect(result.job.outputs[0]?.durationSeconds).to.be.closeTo(2, 0.25);
    });

  for (const extension of ["mp4", "mkv"])
    it(`end a ${extension} with that duration as over the minutes limit`, async () => {
      const file = await makeJumpingClip(`gap.${extension}`, tenHours);
      const job = await bench.upload("watermarks", `unprocessed-videos/gap.${extension}`, file);

      const result = await finish(job);

      expect(result.code, result.log).to.equal(65);
      expect({ status: result.job.status, code: result.job.error?.code }).to.deep.equal({
        status: "Error",
        code: 4005,
      });
      expect(result.job.error?.message).to.match(
        /600\.0 minutes long, over the limit maxSourceMinutes of 240/,
      );
      expect(result.leftovers).to.deep.equal(noLeftovers);
    });

  for (const [route, key] of [
    ["watermarks", "unprocessed-videos/lie.mkv"],
    ["web", "lie.mkv"],
  ] as const)
    it(`are ignored in a file that declares a short duration: ${route} creates the declared length`, async () => {
      const job = await bench.upload(route, key, await makeMislabeledClip("lie.mkv", tenHours));

      const result = await finish(job);

      expect({ status: result.job.status, error: result.job.error }, result.log).to.deep.equal({
        status: "Complete",
        error: null,
      });
      const lengths = result.job.outputs.flatMap(({ durationSeconds }) => durationSeconds ?? []);
      expect(lengths).to.not.deep.equal([]);
      for (const seconds of lengths) expect(seconds).to.be.closeTo(2, 0.25);
      expect(result.leftovers).to.deep.include({ processes: [], scratch: [], staged: [] });
    });

  it("in many small steps end as broken before they fill the scratch volume", async () => {
    const file = await makeMislabeledClip("steps.mkv", "floor(T*25)*50");
    const job = await bench.upload("web", "steps.mkv", file);

    const result = await finish(job);

    expect(result.code, result.log).to.equal(65);
    expect({ status: result.job.status, code: result.job.error?.code }).to.deep.equal({
      status: "Error",
      code: 4002,
    });
    expect(result.leftovers).to.deep.equal(noLeftovers);
  });
});
