import { expect } from "chai";
import { quarterColors, upright } from "./pixels.ts";
import { failureOf, problems, type RecipeBench } from "./recipe-bench.ts";

/** Parts of a source: clips and frames. */
export const describeCuts = ({ programs, make, makeOne, folder }: RecipeBench): void => {
  it("cuts a clip to the frame, from its middle", async () => {
    const output = await makeOne({ name: "clip", start: { percent: 50 }, durationSeconds: 1 }, "plain.mp4");
    const frame = async (path: string, ...seek: readonly string[]) =>
      programs.ffmpegOutput([
        ...[...seek, "-i", path, "-frames:v", "1", "-vf", "scale=32:18"],
        ...["-f", "rawvideo", "-pix_fmt", "gray", "-"],
      ]);
    const first = await frame(output.path);
    const wanted = await frame(`${folder()}/plain.mp4`, "-ss", "1.5");

    expect(output.probe?.durationSeconds).to.be.within(0.96, 1.08);
    const difference = first.reduce((sum, value, at) => sum + Math.abs(value - (wanted[at] ?? 0)), 0);
    expect(difference / first.length, "mean difference from the source's frame at 1.5 s").to.be.lessThan(3);
  });

  for (const clip of ["interlaced.ts", "clocked.mkv", "live.webm", "silent.mp4", "ten-bit.mkv"])
    it(`cuts ${clip}`, async () => {
      const { probe } = await makeOne({ name: "clip", start: { seconds: 0.5 }, durationSeconds: 0.4 }, clip);

      expect(probe?.durationSeconds).to.be.closeTo(0.4, 0.1);
      expect(probe?.video?.pixelFormat).to.equal("yuv420p");
    });

  it("cuts sound alone out of sound alone", async () => {
    const { probe } = await makeOne(
      { name: "clip", start: { seconds: 1 }, durationSeconds: 1 },
      "covered.m4a",
    );

    expect({ video: probe?.video, codec: probe?.audio?.codec }).to.deep.equal({
      video: undefined,
      codec: "aac",
    });
    expect(probe?.durationSeconds).to.be.closeTo(1, 0.1);
  });

  it("says that a clip would begin behind the end", async () => {
    const options = { name: "clip", start: { seconds: 5 }, durationSeconds: 1 };
    const error = await failureOf(make(options, "plain.mp4"));

    expect(error.code).to.equal(4014);
    expect(error.message).to.include("5.00 s").and.include("3.0");
  });

  it("numbers a picture for every so many seconds", async () => {
    const made = await make({ name: "frames", everySeconds: 1 }, "plain.mp4");

    expect(problems(made)).to.deep.equal([]);
    expect(made.map(({ key }) => key)).to.deep.equal(
      [1, 2, 3].map((number) => `frames/a/frame-0000${number}.jpg`),
    );
  });

  for (const clip of ["turned-upright-90.mov", "anamorphic.mkv", "one-frame.mp4", "live.webm"])
    it(`takes frames of ${clip} upright`, async () => {
      const made = await make({ name: "frames", everySeconds: 10, format: "png" }, clip);

      expect(problems(made)).to.deep.equal([]);
      expect(made).to.have.length(1);
      if (clip.startsWith("turned") || clip.startsWith("anamorphic"))
        expect(await quarterColors(programs, made[0]?.path ?? "")).to.deep.equal(upright);
    });
};
