import { expect } from "chai";
import { buildCandidateSelect } from "../../pipeline/highlights/candidate.ts";
import type { MediaPrograms } from "../e2e/media-programs.ts";

const frameRate = 25;

type Part = readonly [color: string, frameCount: number];

/** Inputs of one color each: the scene score is 0 but for the first frame of an input. */
const buildInputs = (parts: readonly Part[]): readonly string[] =>
  parts.flatMap(([color, frameCount]) => [
    ...["-f", "lavfi", "-i"],
    `color=${color}:size=64x48:rate=${frameRate}:duration=${frameCount / frameRate}`,
  ]);

/**
 * Runs the filter over a video of some parts.
 *
 * @param options `firstFrame`: number of the first frame on the stream's clock; `skippedFrames`: frames that the filter
 *   does not get
 * @returns the numbers of the selected frames
 */
const selectFrames = async (
  programs: MediaPrograms,
  parts: readonly Part[],
  [sceneThreshold, maxGapSeconds]: readonly [sceneThreshold: number, maxGapSeconds: number],
  { firstFrame = 0, skippedFrames = 0 } = {},
): Promise<readonly number[]> => {
  const graph = [
    `concat=n=${parts.length}`,
    `settb=1/${frameRate}`,
    `setpts=PTS+${firstFrame}`,
    `trim=start_pts=${firstFrame + skippedFrames}`,
    `select='${buildCandidateSelect(sceneThreshold, maxGapSeconds)}'`,
  ].join();
  const output = await programs.ffmpegOutput([
    ...["-loglevel", "error", ...buildInputs(parts), "-filter_complex", graph],
    ...["-copyts", "-vsync", "passthrough", "-f", "framecrc", "-"],
  ]);
  return output
    .toString()
    .split("\n")
    .filter((line) => /^\d/.test(line))
    .map((line) => Number(line.split(",")[2]));
};

/** Tests the selection of candidate frames with a build of ffmpeg. */
export const describeCandidates = (programs: MediaPrograms): void => {
  describe(`candidate frames, selected by ${programs.build}`, () => {
    const parts = [
      ["red", 30],
      ["blue", 33],
      ["white", 57],
    ] as const;

    it("are the first one, those at cuts, and those that begin a cell of time", async () => {
      expect(await selectFrames(programs, parts, [0.2, 2])).to.deep.equal([0, 30, 50, 63, 100]);
      expect(await selectFrames(programs, parts, [0.2, 60])).to.deep.equal([0, 30, 63]);
    });

    it("are not at cuts below the threshold", async () => {
      const soft = [
        ["0x404040", 30],
        ["0x606060", 30],
        ["0xffffff", 30],
      ] as const;
      expect(await selectFrames(programs, soft, [0.4, 60])).to.deep.equal([0, 60]);
      expect(await selectFrames(programs, soft, [0.2, 60])).to.deep.equal([0, 30, 60]);
    });

    it("begin cells of the stream's clock, also if a cell is no whole number of frames", async () => {
      expect(await selectFrames(programs, [["red", 30]], [0.2, 0.3])).to.deep.equal([0, 8, 15, 23]);
      const firstFrame = 1_000_003;
      const gray = [["gray", 120]] as const;
      expect(await selectFrames(programs, gray, [0.2, 2], { firstFrame })).to.deep.equal([
        1_000_003, 1_000_050, 1_000_100,
      ]);
    });

    it("are the same for a run that begins later, except its first frame", async () => {
      const whole = await selectFrames(programs, parts, [0.2, 1]);
      for (const skippedFrames of [1, 7, 29, 64]) {
        const [first, ...others] = await selectFrames(programs, parts, [0.2, 1], { skippedFrames });
        expect(first).to.equal(skippedFrames);
        expect(others).to.deep.equal(whole.filter((frame) => frame > skippedFrames));
      }
    });
  });
};
