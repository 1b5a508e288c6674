import { expect } from "chai";
import { quarterColors, upright } from "./pixels.ts";
import { catchJobFailure, listProblems, type RecipeBench } from "./recipe-bench.ts";

/** Parts of a source: clips and frames. */
export const describeClips = ({ programs, make, makeOne, folder }: RecipeBench): void => {
  it("clips exactly to the frame, also from its middle", async () => {
    const output = await makeOne({ name: "clip", start: { percent: 50 }, durationSeconds: 1 }, "plain.mp4");
    const frame = async (path: string, ...seek: readonly string[]) =>
      programs.ffmpegOutput([
        ...[...seek, "-i", path, "-frames:v", "1", "-vf", "scale=32:18"],
        ...["-f", "rawvideo", "-pix_fmt", "gray", "-"],
      ]);
    const first = await frame(output.path);
    const expectedFrame = await frame(`${folder()}/plain.mp4`, "-ss", "1.5");

    expect(output.probe?.durationSeconds).to.be.within(0.96, 1.08);
    const difference = first.reduce((sum, value, at) => sum + Math.abs(value - (expectedFrame[at] ?? 0)), 0);
    expect(difference / first.length, "mean difference from the source's frame at 1.5 s").to.be.lessThan(3);
  });

  for (const clip of ["interlaced.ts", "clocked.mkv", "live.webm", "silent.mp4", "ten-bit.mkv"])
    it(`cuts ${clip}`, async () => {
      const { probe } = await makeOne({ name: "clip", start: { seconds: 0.5 }, durationSeconds: 0.4 }, clip);

      expect(probe?.durationSeconds).to.be.closeTo(0.4, 0.1);
      expect(probe?.video?.pixelFormat).to.equal("yuv420p");
    });

  it("clips audio-only sources", async () => {
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

  it("rejects a clip that begins after the end", async () => {
    const options = { name: "clip", start: { seconds: 5 }, durationSeconds: 1 };
    const error = await catchJobFailure(make(options, "plain.mp4"));

    expect(error.code).to.equal(4014);
    expect(error.message).to.include("5.00 s").and.include("3.0");
  });

  it("writes a numbered image at each interval", async () => {
    const outputs = await make({ name: "frames", everySeconds: 1 }, "plain.mp4");

    expect(listProblems(outputs)).to.deep.equal([]);
    expect(outputs.map(({ key }) => key)).to.deep.equal(
      [1, 2, 3].map((number) => `frames/a/frame-0000${number}.jpg`),
    );
  });

  for (const clip of ["turned-upright-90.mov", "anamorphic.mkv", "one-frame.mp4", "live.webm"])
    it(`extracts upright frames of ${clip}`, async () => {
      const outputs = await make({ name: "frames", everySeconds: 10, format: "png" }, clip);

      expect(listProblems(outputs)).to.deep.equal([]);
      expect(outputs).to.have.length(1);
      if (clip.startsWith("turned") || clip.startsWith("anamorphic"))
        expect(await quarterColors(programs, outputs[0]?.path ?? "")).to.deep.equal(upright);
    });
};
