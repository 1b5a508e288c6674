import { everySecondsFilters, pictureSeconds, soleKey } from "../encoding/encode.ts";
import { madeInputArguments } from "../encoding/input-arguments.ts";
import type { PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { evenSize, fitInto, pictureFilters, type Size } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { LadderOptions } from "./recipe.ts";
import { planSprite, spriteCues } from "./sprite.ts";
import { momentSeconds, takePicture } from "./thumbnail.ts";

const posterBox: Size = { width: 1280, height: 1280 };

/** Seconds of a file that was made, for a source that does not say how long it is. */
function* fileSeconds(path: string): Generator<Step, number, StepResult> {
  const { probe } = yield { kind: "probe", path };
  return (probe === undefined ? undefined : pictureSeconds(probe)) ?? 0;
}

/**
 * The poster, the sprite sheet and its cues.
 *
 * @param smallest path of the rendition that the sprite is made of
 */
export function* ladderPictures(
  options: LadderOptions,
  context: PlanContext,
  video: VideoProbe,
  smallest: string,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const { probe } = context.source;
  const folder = soleKey(context.outputKeys, "ladder");
  const seconds = pictureSeconds(probe) ?? (yield* fileSeconds(smallest));
  const poster = evenSize(fitInto(video, posterBox));
  const posterPath = `${context.scratch}/poster.jpg`;
  yield* takePicture(
    context,
    momentSeconds({ percent: 10 }, probe),
    [...pictureFilters(video, poster), "format=yuvj420p"],
    posterPath,
  );
  const sprite = planSprite(seconds, options.spriteSeconds, video);
  const spritePath = `${context.scratch}/sprite.jpg`;
  yield {
    kind: "ffmpeg",
    stage: "sprite",
    weight: 1,
    seconds,
    arguments: [
      ...madeInputArguments(["mov"]),
      "-i",
      smallest,
      "-map",
      "0:v:0",
      "-vf",
      `${everySecondsFilters(sprite.interval).join(",")},scale=${sprite.tile.width}:${sprite.tile.height},format=yuvj420p,tile=${sprite.columns}x${sprite.rows}`,
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
  const cues = `${context.scratch}/thumbnails.vtt`;
  yield { kind: "write", path: cues, text: spriteCues(sprite, seconds, "sprite.jpg") };
  return [
    {
      path: posterPath,
      key: `${folder}poster.jpg`,
      contentType: "image/jpeg",
      manifest: false,
      expect: { video: { codec: "mjpeg", ...poster } },
    },
    {
      path: spritePath,
      key: `${folder}sprite.jpg`,
      contentType: "image/jpeg",
      manifest: false,
      expect: {
        video: {
          codec: "mjpeg",
          width: sprite.columns * sprite.tile.width,
          height: sprite.rows * sprite.tile.height,
        },
      },
    },
    { path: cues, key: `${folder}thumbnails.vtt`, contentType: "text/vtt", manifest: true },
  ];
}
