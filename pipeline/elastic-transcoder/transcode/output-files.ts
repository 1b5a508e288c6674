import type { PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import { mediaPlaylist, readSegments, type Segment } from "../../packaging/hls-playlist.ts";
import { nameUri } from "../../packaging/relative-uri.ts";
import { isSegmented, mediaPlaylistKey, segmentKey, thumbnailKey } from "./output-keys.ts";
import type { OutputPlan } from "./output-plan.ts";

/** A segment of a transport stream that was made. */
export interface MadeSegment extends Segment {
  readonly path: string;
  readonly bytes: number;
}
/** An output that was made, and the files of it. */
export interface MadeOutput {
  readonly plan: OutputPlan;
  readonly files: readonly PlannedOutput[];
  /** Empty for an output of one file. */
  readonly segments: readonly MadeSegment[];
}

/** Names and sizes of the files in the plan's folder. */
function* listFiles(context: PlanContext): Generator<Step, ReadonlyMap<string, number>, StepResult> {
  const { text, sizes } = yield { kind: "list", path: context.scratch };
  return new Map(text.split("\n").map((name, place) => [name, sizes?.[place] ?? 0]));
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

function* segmentFiles(plan: OutputPlan, context: PlanContext): Generator<Step, MadeOutput, StepResult> {
  const { output, path, seconds } = plan;
  const { text } = yield { kind: "read", path };
  const sizes = yield* listFiles(context);
  const segments = readSegments(text).map(({ uri, seconds: length }, place): MadeSegment => {
    const name = nameOf(uri);
    return {
      uri: nameUri(segmentKey(output.key, place)),
      seconds: length,
      path: `${context.scratch}/${name}`,
      bytes: sizes.get(name) ?? 0,
    };
  });
  if (segments.length === 0)
    throw new JobFailure(4002, `No segment of output ${output.key} was made of the source.`);
  yield { kind: "write", path, text: mediaPlaylist(segments) };
  const part = output.key;
  return {
    plan,
    segments,
    files: [
      ...segments.map(
        (segment, place): PlannedOutput => ({
          path: segment.path,
          key: segmentKey(output.key, place),
          contentType: "video/mp2t",
          manifest: false,
          part,
          // All are cut from one stream: the first one shows what they hold, the playlist how long they are.
          ...(place === 0 ? { expect: plan.expect } : {}),
        }),
      ),
      {
        path,
        key: mediaPlaylistKey(output.key),
        contentType: "application/vnd.apple.mpegurl",
        manifest: true,
        part,
        durationSeconds: segments.reduce((sum, segment) => sum + segment.seconds, 0),
        expect: { ...(seconds === undefined ? {} : { durationSeconds: seconds }) },
      },
    ],
  };
}

function* thumbnailFiles(
  { output, thumbnails, index }: OutputPlan,
  context: PlanContext,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const pattern = output.thumbnailPattern;
  if (thumbnails === undefined || pattern === undefined) return [];
  const { size, extension } = thumbnails;
  const names = [...(yield* listFiles(context)).keys()].filter((name) =>
    new RegExp(`^thumbnail-${index}-\\d{5,}\\.${extension}$`).test(name),
  );
  return names
    .map((name) => ({ name, count: Number(name.slice(0, -4).split("-")[2]) }))
    .sort((a, b) => a.count - b.count)
    .map(({ name, count }) => ({
      path: `${context.scratch}/${name}`,
      key: thumbnailKey(pattern, count, size, extension),
      contentType: extension === "jpg" ? "image/jpeg" : "image/png",
      manifest: false,
      part: output.key,
      beside: true,
      ...(count === 1
        ? { expect: { video: { codec: extension === "jpg" ? "mjpeg" : "png", ...size } } }
        : {}),
    }));
}

/** The files of an output whose process has ended well, to be checked and published. */
export function* outputFiles(
  plan: OutputPlan,
  context: PlanContext,
): Generator<Step, MadeOutput, StepResult> {
  const { output, path, contentType, seconds, expect } = plan;
  const made: MadeOutput = isSegmented(output)
    ? yield* segmentFiles(plan, context)
    : {
        plan,
        segments: [],
        files: [
          {
            path,
            key: output.key,
            contentType,
            manifest: false,
            part: output.key,
            expect: { ...(seconds === undefined ? {} : { durationSeconds: seconds }), ...expect },
          },
        ],
      };
  const thumbnails = yield* thumbnailFiles(plan, context);
  return { ...made, files: [...made.files, ...thumbnails] };
}
