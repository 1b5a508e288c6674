import type { PlanContext, PlannedOutput, Step, StepResult } from "../../encoding/plan.ts";
import { JobFailure } from "../../errors/job-error.ts";
import { buildMediaPlaylist, parseSegments, type Segment } from "../../packaging/hls-media-playlist.ts";
import { encodeFileName } from "../../packaging/relative-uri.ts";
import { buildMediaPlaylistKey, buildSegmentKey, buildThumbnailKey, isSegmented } from "./output-keys.ts";
import type { OutputPlan } from "./output-plan.ts";

/** An encoded segment of a transport stream. */
export interface SegmentFile extends Segment {
  readonly path: string;
  readonly bytes: number;
}
/** An encoded output with its files. */
export interface EncodedOutput {
  readonly plan: OutputPlan;
  readonly files: readonly PlannedOutput[];
  /** Empty if the output is a single file. */
  readonly segments: readonly SegmentFile[];
}

/** Names and sizes of the files in the plan's scratch directory. */
function* listFileSizes(context: PlanContext): Generator<Step, ReadonlyMap<string, number>, StepResult> {
  const { text, sizes } = yield { kind: "list", path: context.scratchDirectory };
  return new Map(text.split("\n").map((name, index) => [name, sizes?.[index] ?? 0]));
}

const getFileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** Seconds that the duration of a segment may differ from that of its longest track. */
const segmentToleranceSeconds = 0.25;

/** Duration of the last segment in seconds. ffmpeg lists that of its video, which the audio may outlast. */
function* measureLastSegment(
  { path, seconds }: SegmentFile,
  { video, audio }: OutputPlan,
): Generator<Step, number, StepResult> {
  if (video === undefined || audio === undefined) return seconds;
  const { probe } = yield { kind: "probe", path };
  const probedSeconds = probe?.durationSeconds ?? seconds;
  return probedSeconds > seconds + segmentToleranceSeconds ? probedSeconds : seconds;
}

function* collectSegmentFiles(
  plan: OutputPlan,
  context: PlanContext,
): Generator<Step, EncodedOutput, StepResult> {
  const { output, path, seconds } = plan;
  const { text } = yield { kind: "read", path };
  const sizes = yield* listFileSizes(context);
  const listedSegments = parseSegments(text).map(({ uri, seconds: length }, index): SegmentFile => {
    const name = getFileName(uri);
    return {
      uri: encodeFileName(buildSegmentKey(output.key, index)),
      seconds: length,
      path: `${context.scratchDirectory}/${name}`,
      bytes: sizes.get(name) ?? 0,
    };
  });
  const lastSegment = listedSegments.at(-1);
  if (lastSegment === undefined)
    throw new JobFailure(4002, `ffmpeg created no segment of output ${output.key} from the source.`);
  const segments = [
    ...listedSegments.slice(0, -1),
    { ...lastSegment, seconds: yield* measureLastSegment(lastSegment, plan) },
  ];
  yield { kind: "write", path, text: buildMediaPlaylist({ segments }) };
  const outputGroup = output.key;
  return {
    plan,
    segments,
    files: [
      ...segments.map(
        (segment, index): PlannedOutput => ({
          path: segment.path,
          key: buildSegmentKey(output.key, index),
          contentType: "video/mp2t",
          isManifest: false,
          outputGroup,
          // All segments are cut from one stream: the first shows the codecs, the playlist the duration.
          ...(index === 0 ? { expectation: plan.expectation } : {}),
        }),
      ),
      {
        path,
        key: buildMediaPlaylistKey(output.key),
        contentType: "application/vnd.apple.mpegurl",
        isManifest: true,
        outputGroup,
        durationSeconds: segments.reduce((sum, segment) => sum + segment.seconds, 0),
        expectation: { ...(seconds === undefined ? {} : { durationSeconds: seconds }) },
      },
    ],
  };
}

function* collectThumbnailFiles(
  { output, thumbnails, index }: OutputPlan,
  context: PlanContext,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const pattern = output.thumbnailPattern;
  if (thumbnails === undefined || pattern === undefined) return [];
  const { size, extension } = thumbnails;
  const names = [...(yield* listFileSizes(context)).keys()].filter((name) =>
    new RegExp(`^thumbnail-${index}-\\d{5,}\\.${extension}$`).test(name),
  );
  return names
    .map((name) => ({ name, count: Number(name.slice(0, -4).split("-")[2]) }))
    .sort((a, b) => a.count - b.count)
    .map(({ name, count }) => ({
      path: `${context.scratchDirectory}/${name}`,
      key: buildThumbnailKey(pattern, count, size, extension),
      contentType: extension === "jpg" ? "image/jpeg" : "image/png",
      isManifest: false,
      outputGroup: output.key,
      isThumbnail: true,
      ...(count === 1
        ? { expectation: { video: { codec: extension === "jpg" ? "mjpeg" : "png", ...size } } }
        : {}),
    }));
}

/** Collects the files of an output whose process succeeded, for verification and publishing. */
export function* collectOutputFiles(
  plan: OutputPlan,
  context: PlanContext,
): Generator<Step, EncodedOutput, StepResult> {
  const { output, path, contentType, seconds, expectation } = plan;
  const encodedOutput: EncodedOutput = isSegmented(output)
    ? yield* collectSegmentFiles(plan, context)
    : {
        plan,
        segments: [],
        files: [
          {
            path,
            key: output.key,
            contentType,
            isManifest: false,
            outputGroup: output.key,
            expectation: { ...(seconds === undefined ? {} : { durationSeconds: seconds }), ...expectation },
          },
        ],
      };
  const thumbnails = yield* collectThumbnailFiles(plan, context);
  return { ...encodedOutput, files: [...encodedOutput.files, ...thumbnails] };
}
