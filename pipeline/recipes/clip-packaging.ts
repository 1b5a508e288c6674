import { buildOutputScaleFilters, buildVideoFilters, getOutputColor } from "../encoding/color-filters.ts";
import { buildCmafArguments } from "../encoding/fragment-arguments.ts";
import { buildFileInputArguments } from "../encoding/input-arguments.ts";
import type { Expectation, PlanContext, PlannedOutput, Step, StepResult } from "../encoding/plan.ts";
import { listAudioRenditions } from "../media/audio-renditions.ts";
import { getVideoSeconds } from "../media/duration.ts";
import { fitInto, roundSizeDownToEven, type Size } from "../media/geometry.ts";
import type { VideoProbe } from "../media/probe.ts";
import type { LadderTrack } from "./ladder-files.ts";
import { readTracks, writeLadderManifests } from "./ladder-manifests.ts";
import { planPoster } from "./poster.ts";
import { requireOutputKey } from "./preconditions.ts";

/** Target duration of a clip's segments, seconds. */
export const clipSegmentSeconds = 4;
const maxPosterSize: Size = { width: 1280, height: 1280 };

const buildTrack = (
  index: number,
  type: LadderTrack["type"],
  expectation: Expectation,
  context: PlanContext,
): LadderTrack => {
  const name = `rendition-${index}.mp4`;
  const path = `${context.scratchDirectory}/${name}`;
  return {
    name,
    playlistName: `media_${index}.m3u8`,
    type,
    isOptional: false,
    encoderArguments: [
      ...["-map", type === "video" ? "0:v:0" : "0:a:0", "-c", "copy"],
      ...(expectation.video !== "none" && expectation.video?.codec === "hevc" ? ["-tag:v", "hvc1"] : []),
    ],
    output: {
      path,
      key: `${requireOutputKey(context.outputKeys, "clip")}${name}`,
      contentType: `${type}/mp4`,
      isManifest: false,
      expectation,
    },
  };
};

/** Lists the tracks of a clip's folder: one rendition and its audio. */
const listTracks = ({ video, audio }: Expectation, context: PlanContext): readonly LadderTrack[] => {
  const [rendition] = listAudioRenditions(context.source.probe);
  const hasVideo = video !== "none";
  return [
    ...(hasVideo ? [buildTrack(0, "video", { video, audio: "none" }, context)] : []),
    ...(audio === "none" || rendition === undefined
      ? []
      : [
          {
            ...buildTrack(hasVideo ? 1 : 0, "audio", { video: "none" as const, audio }, context),
            audio: rendition,
          },
        ]),
  ];
};

/**
 * Plans HLS and MPEG-DASH of a clip without encoding it again: one CMAF file per track, and the manifests.
 *
 * @param expectation what the clip's MP4 is
 * @param folderKey ends in `/`
 */
export function* packageClip(
  clipPath: string,
  expectation: Expectation,
  context: PlanContext,
  folderKey: string,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const folderContext: PlanContext = { ...context, outputKeys: [folderKey] };
  const tracks = listTracks(expectation, folderContext);
  yield {
    kind: "ffmpeg",
    phase: "packaging",
    weight: 0,
    arguments: [
      ...buildFileInputArguments(["mov"]),
      "-i",
      clipPath,
      ...tracks.flatMap(({ type, encoderArguments, output }) => [
        ...encoderArguments,
        ...["-map_metadata", "-1"],
        ...buildCmafArguments(type, clipSegmentSeconds),
        output.path,
      ]),
    ],
  };
  const encodedTracks = yield* readTracks(tracks);
  const manifests = yield* writeLadderManifests(encodedTracks, [], folderContext);
  return [...encodedTracks.map(({ output }) => output), ...manifests];
}

/**
 * Plans the poster of a clip as JPEG; a warning says so if no frame can be decoded.
 *
 * @param isEncoded false if the clip has the colors and fields of its source
 */
export function* makeClipPoster(
  clipPath: string,
  video: VideoProbe,
  isEncoded: boolean,
  context: PlanContext,
  key: string,
): Generator<Step, readonly PlannedOutput[], StepResult> {
  const size = roundSizeDownToEven(fitInto(video, maxPosterSize));
  const { probe } = yield { kind: "probe", path: clipPath };
  const seconds = (probe === undefined ? undefined : getVideoSeconds(probe)) ?? 0;
  const path = `${context.scratchDirectory}/poster.jpg`;
  const filters = isEncoded
    ? buildOutputScaleFilters(size, getOutputColor(video), "jpeg")
    : buildVideoFilters(video, size, "jpeg", context.capabilities);
  const files = { largestPath: clipPath, smallestPath: clipPath, smallestSize: video };
  if (!(yield* planPoster(context, files, seconds, filters, path))) return [];
  return [
    {
      path,
      key,
      contentType: "image/jpeg",
      isManifest: false,
      expectation: { video: { codec: "mjpeg", width: size.width, height: size.height } },
    },
  ];
}
