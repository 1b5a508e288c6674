import type { MediaInput } from "../inputs/media-input.ts";
import { measureColorError, readColors } from "../measure/colors.ts";
import { buildAudioChecks } from "./audio-checks.ts";
import { type Check, checkRange, findFile } from "./check.ts";
import { buildFramesChecks, buildStillChecks, buildThumbnailChecks } from "./image-checks.ts";
import { buildLadderChecks } from "./ladder-checks.ts";
import { clipWindow, type SourceWindow, type SuiteRecipe } from "./recipe-run.ts";
import { buildTimingChecks, singleFile } from "./timing-checks.ts";
import { buildVideoChecks } from "./video-checks.ts";

const watermarkColor = [0xc0, 0x30, 0x20] as const;
/** The mark in the middle of the frame, in RGB. */
const checkWatermark: Check = checkRange("color of watermark", [-Infinity, 3], "of 255", async (outputs) =>
  measureColorError(await readColors(outputs.programs, findFile(outputs, ".mp4").path, [[0.5, 0.5]]), [
    watermarkColor,
  ]),
);

interface PlayableOptions {
  readonly window?: SourceWindow;
  readonly isNormalized?: boolean;
}
const buildPlayableChecks = (
  { facts }: MediaInput,
  ending: string,
  { window, isNormalized }: PlayableOptions = {},
): readonly Check[] => {
  const findPath = (outputs: Parameters<Check["measure"]>[0]) => findFile(outputs, ending).path;
  return [
    ...buildTimingChecks(facts, singleFile(ending), window),
    ...(facts.squareSeconds !== undefined && window !== undefined ? [] : buildVideoChecks(facts, findPath)),
    ...(window !== undefined && window.durationSeconds < 2
      ? []
      : buildAudioChecks(facts, findPath, isNormalized === true ? "normalized" : "limited")),
  ];
};

/** What an audio file keeps of a source: nothing of its video. */
const withoutVideo = (input: MediaInput): MediaInput => {
  const { audioSeconds, beepSeconds, tones, isLoud } = input.facts;
  return {
    ...input,
    facts: {
      ...(audioSeconds === undefined ? {} : { audioSeconds }),
      ...(beepSeconds === undefined ? {} : { beepSeconds }),
      ...(tones === undefined ? {} : { tones }),
      ...(isLoud === undefined ? {} : { isLoud }),
    },
  };
};

/** What is measured of a recipe's outputs, besides that they are made and pass the worker's own verification. */
export const buildChecks = (input: MediaInput, recipe: SuiteRecipe): readonly Check[] => {
  const { facts } = input;
  if (facts.errorCode !== undefined) return [];
  switch (recipe.name) {
    case "thumbnail":
      return buildThumbnailChecks(facts);
    case "watermark":
      return [
        ...buildPlayableChecks(input, ".mp4"),
        ...(facts.columns === undefined ? [] : [checkWatermark]),
      ];
    case "ladder":
      return buildLadderChecks(facts);
    case "audio":
      return buildPlayableChecks(withoutVideo(input), ".m4a", { isNormalized: true });
    case "image":
      return buildStillChecks(facts);
    case "clip":
      return buildPlayableChecks(input, ".mp4", { window: clipWindow(facts) });
    case "frames":
      return buildFramesChecks(facts);
    case "preset HLS 1M":
      return buildPlayableChecks(input, ".m3u8");
    default:
      // The preset Web has a frame rate of its own.
      return buildPlayableChecks(input, "out").filter(({ property }) => property !== "frames");
  }
};
