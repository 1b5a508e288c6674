import { expect } from "chai";
import type { ProducedFile } from "./drive-plan.ts";
import { fieldShare, quarterColors, upright } from "./pixels.ts";
import { catchJobFailure, listProblems, type RecipeBench } from "./recipe-bench.ts";

const videoFacts = ({ probe }: ProducedFile) => ({
  coded: [probe?.video?.codedWidth, probe?.video?.codedHeight],
  shown: [probe?.video?.width, probe?.video?.height],
  rotation: probe?.video?.rotation,
  pixelFormat: probe?.video?.pixelFormat,
  interlaced: probe?.video?.interlaced,
});
const expectedVideoFacts = (width: number, height: number) => ({
  coded: [width, height],
  shown: [width, height],
  rotation: 0,
  pixelFormat: "yuv420p",
  interlaced: false,
});

/** Size of the output, and seconds of the source; `quarters` if its colors show the orientation. */
const sources: readonly {
  readonly clip: string;
  readonly size: readonly [number, number];
  readonly seconds?: number;
  readonly quarters?: boolean;
  /** The clock is that of a recording, and ffmpeg would take it for the rate. */
  readonly clocked?: boolean;
}[] = [
  { clip: "plain.mp4", size: [320, 180], seconds: 3 },
  { clip: "odd.mkv", size: [320, 180], seconds: 2 },
  { clip: "ten-bit.mkv", size: [320, 180], seconds: 1, quarters: true },
  { clip: "full-range.mkv", size: [320, 180], seconds: 1, quarters: true },
  { clip: "variable.mkv", size: [320, 180], seconds: 4 },
  { clip: "clocked.mkv", size: [320, 180], seconds: 2, clocked: true },
  { clip: "live.webm", size: [320, 180], seconds: 3 },
  { clip: "interlaced.ts", size: [320, 180], seconds: 2 },
  { clip: "silent.mp4", size: [320, 180], seconds: 2 },
  { clip: "one-frame.mp4", size: [320, 180], seconds: 0.04 },
  { clip: "anamorphic.mkv", size: [426, 240], seconds: 2, quarters: true },
  { clip: "long-sound.mkv", size: [320, 180], seconds: 4 },
  { clip: "turned-upright-90.mov", size: [180, 320], seconds: 1, quarters: true },
  { clip: "turned-upright-180.mov", size: [320, 180], seconds: 1, quarters: true },
  { clip: "turned-upright-270.mov", size: [180, 320], seconds: 1, quarters: true },
];

const expectSteadyRate = ({ probe }: ProducedFile): void => {
  expect(probe?.video?.isVariableFrameRate).to.equal(undefined);
  expect(probe?.video?.frameRate).to.be.within(29, 31);
};

/**
 * Every recipe that creates images of a video, on every kind of source.
 *
 * @param isComplete false: each source either as a ladder or with the preset Web, in turn
 */
export const describeSources = (bench: RecipeBench, isComplete: boolean): void => {
  const { programs, make, makeOne, transcode } = bench;
  for (const [index, { clip, size, seconds, quarters, clocked }] of sources.entries()) {
    const isLadder = isComplete || index % 2 === 0;
    const isTranscode = isComplete || index % 2 === 1;
    it(`watermarks ${clip} upright, with even size, square pixels, 8 bit and full length`, async () => {
      const output = await makeOne({ name: "watermark", scale: 0.05 }, clip);

      expect(videoFacts(output)).to.deep.equal(expectedVideoFacts(...size));
      if (seconds !== undefined) expect(output.probe?.durationSeconds).to.be.closeTo(seconds, 0.1);
      if (clocked === true) expectSteadyRate(output);
      if (quarters === true) expect(await quarterColors(programs, output.path)).to.deep.equal(upright);
    });

    if (isTranscode)
      it(`transcodes ${clip} to the same with the preset Web`, async () => {
        const output = await transcode(clip);

        expect(videoFacts(output)).to.deep.equal(expectedVideoFacts(...size));
        if (seconds !== undefined) expect(output.probe?.durationSeconds).to.be.closeTo(seconds, 0.1);
        if (quarters === true) expect(await quarterColors(programs, output.path)).to.deep.equal(upright);
      });

    it(`creates a thumbnail of ${clip}, however short`, async () => {
      const output = await makeOne({ name: "thumbnail" }, clip);

      if (quarters === true) expect(await quarterColors(programs, output.path)).to.deep.equal(upright);
    });

    if (isLadder)
      it(`packages ${clip} as a ladder`, async () => {
        const outputs = await make({ name: "ladder", segmentSeconds: 1, spriteIntervalSeconds: 1 }, clip);

        expect(listProblems(outputs)).to.deep.equal([]);
        const [rendition] = outputs;
        if (rendition === undefined) throw new Error("no rendition");
        expect(videoFacts(rendition)).to.deep.equal(expectedVideoFacts(...size));
        if (clocked === true) expectSteadyRate(rendition);
        if (quarters === true) expect(await quarterColors(programs, rendition.path)).to.deep.equal(upright);
      });
  }

  it("keeps an odd size and the display aspect ratio in a thumbnail", async () => {
    const odd = await makeOne({ name: "thumbnail" }, "odd.mkv");
    const anamorphic = await makeOne({ name: "thumbnail" }, "anamorphic.mkv");

    expect({
      codedWidth: odd.probe?.video?.codedWidth,
      codedHeight: odd.probe?.video?.codedHeight,
    }).to.deep.equal({ codedWidth: 321, codedHeight: 181 });
    expect({ width: anamorphic.probe?.video?.width, height: anamorphic.probe?.video?.height }).to.deep.equal({
      width: 427,
      height: 240,
    });
  });

  it("deinterlaces, also if the camera was rotated", async () => {
    const { server, folder } = bench;
    const notRotated = await makeOne({ name: "watermark", opacity: 0 }, "interlaced.ts");
    const turned = await makeOne({ name: "watermark", opacity: 0 }, "turned-interlaced.mov");

    expect(await fieldShare(programs, server().url("interlaced.ts"))).to.be.greaterThan(0.8);
    expect(await fieldShare(programs, notRotated.path)).to.be.lessThan(0.1);
    expect(await fieldShare(programs, `${folder()}/turned-interlaced.mov`)).to.be.greaterThan(0.8);
    expect(await fieldShare(programs, turned.path, ["transpose=clock"])).to.be.lessThan(0.1);
  });

  for (const clip of ["sound.mka", "covered.m4a"])
    it(`transcodes ${clip} to audio with the preset Web`, async () => {
      const { probe } = await transcode(clip);

      expect({ video: probe?.video, codec: probe?.audio?.codec }).to.deep.equal({
        video: undefined,
        codec: "aac",
      });
      expect(probe?.durationSeconds).to.be.closeTo(3, 0.1);
    });

  it("processes samples behind 4 GB and reads only what it needs", async () => {
    const before = bench.server().bytes();
    const thumbnail = await makeOne({ name: "thumbnail", at: { seconds: 2 } }, "far.mp4");
    const near = await makeOne({ name: "thumbnail", at: { seconds: 2 } }, "plain.mp4");
    const clip = await makeOne({ name: "clip", start: { seconds: 1 }, durationSeconds: 1 }, "far.mp4");

    const readImage = async (path: string) =>
      (await programs.ffmpegOutput(["-i", path, "-f", "rawvideo", "-"])).toString("base64");
    expect(await readImage(thumbnail.path)).to.equal(await readImage(near.path));
    expect(clip.probe?.durationSeconds).to.be.closeTo(1, 0.1);
    expect(bench.server().bytes() - before).to.be.lessThan(6_000_000);
  });

  for (const name of ["thumbnail", "watermark", "frames"])
    for (const clip of ["sound.mka", "covered.mp3", "covered.m4a"])
      it(`rejects ${clip} for ${name} with 4000: cover art is not video`, async () => {
        expect((await catchJobFailure(make({ name }, clip))).code).to.equal(4000);
      });
};
