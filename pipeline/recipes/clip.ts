import type { Plan, PlanContext, Step, StepResult } from "../encoding/plan.ts";
import { measureFirstFrame } from "../encoding/seek.ts";
import { JobFailure } from "../errors/job-error.ts";
import { copyClip } from "./clip-copy.ts";
import { encodeClip } from "./clip-encoding.ts";
import { selectClipKeys } from "./clip-keys.ts";
import { clipSegmentSeconds, makeClipPoster, packageClip } from "./clip-packaging.ts";
import { type ClipPart, joinClipParts } from "./clip-parts.ts";
import { resolveClipRange } from "./clip-range.ts";
import { requireVideo } from "./preconditions.ts";
import type { ClipOptions } from "./recipe.ts";

/**
 * Measures where the first frame is on ffmpeg's timeline. In fragmented MP4, builds of ffmpeg and ffprobe disagree on where
 * audio begins, and with it on the source's origin.
 */
function* withMeasuredStart(context: PlanContext): Generator<Step, PlanContext, StepResult> {
  const { source } = context;
  const video = requireVideo(source.probe, "clip");
  const startSeconds = yield* measureFirstFrame(context);
  if (startSeconds === undefined)
    throw new JobFailure(4002, "The source has no video frame that can be decoded.");
  return { ...context, source: { ...source, probe: { ...source.probe, video: { ...video, startSeconds } } } };
}

/** Resolves the parts of a clip, each with its source; undefined for a clip of one source. */
function* resolveParts(
  options: ClipOptions,
  context: PlanContext,
): Generator<Step, readonly [ClipPart, ...ClipPart[]] | undefined, StepResult> {
  const sources = [context.source, ...(context.continuations ?? [])];
  const parts: ClipPart[] = [];
  for (const [index, { startSeconds, durationSeconds }] of (options.parts ?? []).entries()) {
    const source = sources[index];
    if (source === undefined) throw new JobFailure(1000, `Part ${index + 1} of the clip has no source.`);
    const partContext = yield* withMeasuredStart({ ...context, source });
    const partOptions: ClipOptions = { ...options, start: { seconds: startSeconds }, durationSeconds };
    parts.push({ context: partContext, range: resolveClipRange(partOptions, partContext.source.probe) });
  }
  const [first, ...others] = parts;
  return first === undefined ? undefined : [first, ...others];
}

/**
 * Plans a clip of the source: an MP4, HLS and MPEG-DASH in a folder, and a poster, whichever have an output key. Cut to
 * the frame and encoded as H.264 and AAC, or from a keyframe without encoding.
 */
export function* planClip(options: ClipOptions, planContext: PlanContext): Plan {
  const keys = selectClipKeys(planContext.outputKeys);
  const parts = yield* resolveParts(options, planContext);
  const context =
    parts?.[0].context ??
    (options.origin === "first-frame" ? yield* withMeasuredStart(planContext) : planContext);
  const { probe } = context.source;
  const isEncoded = options.cut !== "keyframe" || parts !== undefined;
  const path = `${context.scratchDirectory}/clip.mp4`;
  const segmentSeconds = keys.folder === undefined ? undefined : clipSegmentSeconds;
  const expectation =
    parts !== undefined
      ? yield* joinClipParts(options, parts, path, segmentSeconds)
      : isEncoded
        ? yield* encodeClip(options, resolveClipRange(options, probe), context, path, segmentSeconds)
        : yield* copyClip(resolveClipRange(options, probe), context, path);
  const poster =
    keys.poster === undefined
      ? []
      : yield* makeClipPoster(path, requireVideo(probe, "clip"), isEncoded, context, keys.poster);
  const folder = keys.folder === undefined ? [] : yield* packageClip(path, expectation, context, keys.folder);
  const file = {
    path,
    contentType: expectation.video === "none" ? "audio/mp4" : "video/mp4",
    isManifest: false,
    expectation,
  };
  return [...(keys.file === undefined ? [] : [{ ...file, key: keys.file }]), ...poster, ...folder];
}
