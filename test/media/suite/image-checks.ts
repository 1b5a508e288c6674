import type { MediaFacts } from "../inputs/media-input.ts";
import { measureColorError, readColors } from "../measure/colors.ts";
import { type Check, checkRange, checkText, checkTimes, findFile, type RecipeOutputs } from "./check.ts";
import { buildColorChecks } from "./video-checks.ts";

/** The time that an image of a flash clip shows: its RGB is full range, the luma of the clip is not. */
const readShownSeconds = async (outputs: RecipeOutputs, path: string): Promise<number> => {
  const [color] = await readColors(outputs.programs, path, [[0.25, 0.4]]);
  return (16 + ((color?.[1] ?? 0) * 219) / 255 - 40) / 30;
};

/** A thumbnail of one time. */
export const buildThumbnailChecks = (facts: MediaFacts): readonly Check[] => [
  ...(facts.clockFromSeconds === undefined
    ? []
    : [
        checkTimes("time in image", [2], 0.1, async (outputs) => [
          await readShownSeconds(outputs, findFile(outputs, ".png").path),
        ]),
      ]),
  ...buildColorChecks("colors", facts, (outputs) => findFile(outputs, ".png").path),
];

const listFrames = ({ files }: RecipeOutputs) => files.filter(({ key }) => key.endsWith(".jpg"));

/** Images each second. */
export const buildFramesChecks = (facts: MediaFacts): readonly Check[] => {
  const seconds = Math.ceil(facts.videoSeconds ?? 0);
  const from = facts.clockFromSeconds;
  const times = Array.from({ length: seconds }, (_, index) => index);
  return [
    checkRange("images", [seconds, seconds], "", async (outputs) => listFrames(outputs).length),
    ...(from === undefined
      ? []
      : [
          checkTimes(
            "time in images",
            times.filter((time) => time >= from),
            0.1,
            (outputs) =>
              Promise.all(
                listFrames(outputs)
                  .slice(from)
                  .map(({ path }) => readShownSeconds(outputs, path)),
              ),
          ),
        ]),
    ...buildColorChecks("colors", facts, (outputs) => findFile(outputs, ".jpg").path),
  ];
};

const corners = [
  [0.01, 0.01],
  [0.999, 0.01],
  [0.01, 0.999],
  [0.999, 0.999],
] as const;

/** WebP and JPEG of a still image. */
export const buildStillChecks = (facts: MediaFacts): readonly Check[] =>
  [".webp", ".jpg"].flatMap((ending) => {
    const findPath = (outputs: RecipeOutputs) => findFile(outputs, ending).path;
    const { imageSize, imageColor } = facts;
    return [
      ...(imageSize === undefined
        ? []
        : [
            checkText(`size of ${ending}`, imageSize.join("×"), async (outputs) => {
              const { probe } = findFile(outputs, ending);
              return `${probe?.video?.codedWidth}×${probe?.video?.codedHeight}`;
            }),
          ]),
      ...buildColorChecks(`colors of ${ending}`, facts, findPath),
      ...(imageColor === undefined
        ? []
        : [
            checkRange(`corners of ${ending}`, [-Infinity, 3], "of 255", async (outputs) =>
              measureColorError(
                await readColors(outputs.programs, findPath(outputs), corners),
                corners.map(() => imageColor),
              ),
            ),
          ]),
    ];
  });
