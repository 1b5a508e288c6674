import { buildIntervalFilters } from "../encoding/encode.ts";
import { buildFileInputArguments } from "../encoding/input-arguments.ts";
import type { PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { getVideoSeconds } from "../media/duration.ts";
import { buildVideoFilters, fitInto, roundSizeDownToEven, type Size } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { LadderOptions } from "./recipe.ts";
import { buildSpriteCues, planSprite } from "./sprite.ts";
import { extractFrame, resolveMomentSeconds } from "./thumbnail.ts";

const maxPosterSize: Size = { width: 1280, height: 1280 };

/** Duration of an encoded file in seconds, for a source without a duration. */
function* probeFileSeconds(path: string): Generator<Step, number, StepResult> {
  const { probe } = yield { kind: "probe", path };
  return (probe === undefined ? undefined : getVideoSeconds(probe)) ?? 0;
}

/**
 * Plans the poster, the sprite sheet and its cues.
 *
 * @param smallestRenditionPath path of the rendition from which the sprite is made
 */
export function* planLadderImages(
  options: LadderOptions,
  context: PlanContext,
  video: VideoProbe,
  smallestRenditionPath: string,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const { probe } = context.source;
  const folder = requireOutputKey(context.outputKeys, "ladder");
  const seconds = getVideoSeconds(probe) ?? (yield* probeFileSeconds(smallestRenditionPath));
  const posterSize = roundSizeDownToEven(fitInto(video, maxPosterSize));
  const posterPath = `${context.scratchDirectory}/poster.jpg`;
  yield* extractFrame(
    context,
    resolveMomentSeconds({ percent: 10 }, probe),
    [...buildVideoFilters(video, posterSize), "format=yuvj420p"],
    posterPath,
  );
  const sprite = planSprite(seconds, options.spriteIntervalSeconds, video);
  const spritePath = `${context.scratchDirectory}/sprite.jpg`;
  yield {
    kind: "ffmpeg",
    phase: "sprite",
    weight: 1,
    seconds,
    arguments: [
      ...buildFileInputArguments(["mov"]),
      "-i",
      smallestRenditionPath,
      "-map",
      "0:v:0",
      "-vf",
      `${buildIntervalFilters(sprite.intervalSeconds).join(",")},scale=${sprite.tile.width}:${sprite.tile.height},format=yuvj420p,tile=${sprite.columns}x${sprite.rows}`,
      "-frames:v",
      "1",
      "-q:v",
      "4",
      "-f",
      "image2",
      "-update",
      "1",
      spritePath,
    ],
  };
  const cuesPath = `${context.scratchDirectory}/thumbnails.vtt`;
  yield { kind: "write", path: cuesPath, text: buildSpriteCues(sprite, seconds, "sprite.jpg") };
  return [
    {
      path: posterPath,
      key: `${folder}poster.jpg`,
      contentType: "image/jpeg",
      isManifest: false,
      expectation: { video: { codec: "mjpeg", ...posterSize } },
    },
    {
      path: spritePath,
      key: `${folder}sprite.jpg`,
      contentType: "image/jpeg",
      isManifest: false,
      expectation: {
        video: {
          codec: "mjpeg",
          width: sprite.columns * sprite.tile.width,
          height: sprite.rows * sprite.tile.height,
        },
      },
    },
    { path: cuesPath, key: `${folder}thumbnails.vtt`, contentType: "text/vtt", isManifest: true },
  ];
}
