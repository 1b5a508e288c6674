import { describeAudio } from "./describe-audio.ts";
import { describeClips } from "./describe-clips.ts";
import { describeImage } from "./describe-image.ts";
import { describeLadder } from "./describe-ladder.ts";
import { describeLadderTracks } from "./describe-ladder-tracks.ts";
import { describeRejections } from "./describe-rejections.ts";
import { describeSources } from "./describe-sources.ts";
import { describeWatermark } from "./describe-watermark.ts";
import type { MediaPrograms } from "./media-programs.ts";
import { createRecipeBench } from "./recipe-bench.ts";

/**
 * Every recipe on real media, with one build of ffmpeg.
 *
 * @param isComplete every kind of source as a ladder and with the preset Web, every orientation and every kind of audio;
 *   else each source as one of them, and some orientations and kinds
 */
export const describeRecipes = (programs: MediaPrograms, isComplete: boolean): void => {
  describe(`recipes with ${programs.build}`, function () {
    this.timeout(60_000);
    const bench = createRecipeBench(programs);
    before(bench.openAll);
    after(bench.close);
    describeSources(bench, isComplete);
    describeWatermark(bench);
    describeLadder(bench);
    describeLadderTracks(bench);
    describeImage(bench, isComplete);
    describeAudio(bench, isComplete);
    describeClips(bench);
    describeRejections(bench);
  });
};
