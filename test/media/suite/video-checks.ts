import type { MediaFacts } from "../inputs/media-input.ts";
import { findBrightBox } from "../measure/bright-box.ts";
import { measureColorError, readColors, readColorTags } from "../measure/colors.ts";
import { measureCombing } from "../measure/combing.ts";
import { type Check, checkRange, checkText, type RecipeOutputs } from "./check.ts";

type FindPath = (outputs: RecipeOutputs) => string;

/** The columns of a source as a player shows them, above the middle, where a watermark does not cover them. */
export const buildColorChecks = (
  property: string,
  { columns }: MediaFacts,
  findPath: FindPath,
): readonly Check[] => {
  if (columns === undefined) return [];
  const { colors, tolerance } = columns;
  const points = colors.map((_, index) => [(index + 0.5) / colors.length, 0.3] as const);
  return [
    checkRange(property, [-Infinity, tolerance], "of 255", async (outputs) =>
      measureColorError(await readColors(outputs.programs, findPath(outputs), points), colors),
    ),
  ];
};

/** Width over height of the white square, in display pixels. */
const measureSquare = async (outputs: RecipeOutputs, path: string, seconds: number): Promise<number> => {
  const frames = await outputs.media.fullFrames(path);
  const box = findBrightBox(
    frames.find((frame) => frame.seconds >= seconds) ?? {
      seconds,
      luma: Buffer.alloc(0),
      width: 1,
      height: 1,
    },
  );
  const { video } = outputs.files.find((file) => file.path === path)?.probe ?? {};
  const pixelAspect =
    video === undefined ? 1 : video.width / video.height / (video.codedWidth / video.codedHeight);
  return box === undefined ? 0 : (box.width / box.height) * pixelAspect;
};

/** Tags of a video: each says one of what players support. */
const supportedTags = {
  range: ["tv"],
  matrix: ["bt709", "smpte170m", "bt470bg"],
  transfer: ["bt709", "smpte170m", "bt470bg", "bt470m", "gamma22", "gamma28", "iec61966-2-1"],
  primaries: ["bt709", "smpte170m", "bt470bg"],
};

/** Colors, fields and shapes of an output video. */
export const buildVideoChecks = (facts: MediaFacts, findPath: FindPath): readonly Check[] => {
  const checks: Check[] = [];
  if (facts.columns !== undefined)
    checks.push(
      ...buildColorChecks("colors", facts, findPath),
      checkText("color tags", "all four, as players support", async ({ programs, ...outputs }) => {
        const tags = await readColorTags(programs, findPath({ programs, ...outputs }));
        const isSupported = (["range", "matrix", "transfer", "primaries"] as const).every((key) =>
          supportedTags[key].includes(tags[key]),
        );
        return isSupported ? "all four, as players support" : Object.values(tags).join("/");
      }),
    );
  if (facts.hasMotion === true)
    checks.push(
      checkRange("combing", [-Infinity, 0.001], "", async (outputs) =>
        measureCombing(await outputs.media.fullFrames(findPath(outputs))),
      ),
    );
  if (facts.squareSeconds !== undefined) {
    const seconds = facts.squareSeconds;
    checks.push(
      checkRange("aspect of a square", [0.97, 1.03], "", (outputs) =>
        measureSquare(outputs, findPath(outputs), seconds),
      ),
    );
  }
  return checks;
};
