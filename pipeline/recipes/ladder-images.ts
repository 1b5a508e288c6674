import { buildOutputScaleFilters, getOutputColor } from "../encoding/color-filters.ts";
import { buildFileInputArguments } from "../encoding/input-arguments.ts";
import type { VideoColor } from "../encoding/output-color.ts";
import type { PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { isMediaFailure } from "../errors/job-error.ts";
import { getVideoSeconds } from "../media/duration.ts";
import { fitInto, roundSizeDownToEven, type Size } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import { planPoster, type RenditionFiles } from "./poster.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { LadderOptions } from "./recipe.ts";
import { buildSpriteCues, planSprite, type Sprite } from "./sprite.ts";

const maxPosterSize: Size = { width: 1280, height: 1280 };

/** Duration of an encoded file in seconds, for a source without a duration. */
function* probeFileSeconds(path: string): Generator<Step, number, StepResult> {
  const { probe } = yield { kind: "probe", path };
  return (probe === undefined ? undefined : getVideoSeconds(probe)) ?? 0;
}

/** Plans the sprite sheet. @returns whether there is one; a warning says so if not */
function* writeSprite(
  sprite: Sprite,
  seconds: number,
  color: VideoColor,
  renditionPath: string,
  path: string,
): Generator<Step, boolean, StepResult> {
  try {
    yield {
      kind: "ffmpeg",
      phase: "sprite",
      weight: 1,
      seconds,
      arguments: [
        ...buildFileInputArguments(["mov"]),
        "-i",
        renditionPath,
        "-map",
        "0:v:0",
        "-vf",
        [
          `fps=1/${sprite.intervalSeconds}:round=up`,
          ...buildOutputScaleFilters(sprite.tile, color, "jpeg"),
          `tile=${sprite.columns}x${sprite.rows}`,
        ].join(","),
        "-frames:v",
        "1",
        "-q:v",
        "4",
        "-f",
        "image2",
        "-update",
        "1",
        path,
      ],
    };
    return true;
  } catch (cause) {
    if (!isMediaFailure(cause)) throw cause;
    yield {
      kind: "warn",
      text: "The ladder has no images for a seek bar: the sprite sheet could not be made",
    };
    return false;
  }
}

const buildImageOutput = (path: string, key: string, size: Size): PlannedOutput => ({
  path,
  key,
  contentType: "image/jpeg",
  isManifest: false,
  expectation: { video: { codec: "mjpeg", width: size.width, height: size.height } },
});

/** Plans the poster, the sprite sheet and its cues. A ladder without one of them is published with a warning. */
export function* planLadderImages(
  options: LadderOptions,
  context: PlanContext,
  video: VideoProbe,
  renditions: RenditionFiles,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const folder = requireOutputKey(context.outputKeys, "ladder");
  const { scratchDirectory } = context;
  const { smallestPath } = renditions;
  const seconds = getVideoSeconds(context.source.probe) ?? (yield* probeFileSeconds(smallestPath));
  const posterSize = roundSizeDownToEven(fitInto(video, maxPosterSize));
  const posterPath = `${scratchDirectory}/poster.jpg`;
  const color = getOutputColor(video);
  const posterFilters = buildOutputScaleFilters(posterSize, color, "jpeg");
  const hasPoster = yield* planPoster(context, renditions, seconds, posterFilters, posterPath);
  const sprite = planSprite(seconds, options.spriteIntervalSeconds, video);
  const spritePath = `${scratchDirectory}/sprite.jpg`;
  const hasSprite = yield* writeSprite(sprite, seconds, color, smallestPath, spritePath);
  const cuesPath = `${scratchDirectory}/thumbnails.vtt`;
  if (hasSprite)
    yield { kind: "write", path: cuesPath, text: buildSpriteCues(sprite, seconds, "sprite.jpg") };
  const spriteSize = { width: sprite.columns * sprite.tile.width, height: sprite.rows * sprite.tile.height };
  return [
    ...(hasPoster ? [buildImageOutput(posterPath, `${folder}poster.jpg`, posterSize)] : []),
    ...(hasSprite
      ? [
          buildImageOutput(spritePath, `${folder}sprite.jpg`, spriteSize),
          { path: cuesPath, key: `${folder}thumbnails.vtt`, contentType: "text/vtt", isManifest: true },
        ]
      : []),
  ];
}
