import { describeCuts } from "./describe-cuts.ts";
import { describeImage } from "./describe-image.ts";
import { describeLadder } from "./describe-ladder.ts";
import { describeRefusals } from "./describe-refusals.ts";
import { describeSound } from "./describe-sound.ts";
import { describeSources } from "./describe-sources.ts";
import { describeWatermark } from "./describe-watermark.ts";
import type { MediaPrograms } from "./media-programs.ts";
import { recipeBench } from "./recipe-bench.ts";

/** Every recipe on real media, with one build of ffmpeg. */
export const describeRecipes = (programs: MediaPrograms): void => {
  describe(`recipes with ${programs.build}`, function () {
    this.timeout(60_000);
    const bench = recipeBench(programs);
    before(bench.openAll);
    after(bench.close);
    describeSources(bench);
    describeWatermark(bench);
    describeLadder(bench);
    describeImage(bench);
    describeSound(bench);
    describeCuts(bench);
    describeRefusals(bench);
  });
};
