import { buildAudioMapArguments } from "../encoding/audio-filters.ts";
import { buildCmafArguments } from "../encoding/cmaf-arguments.ts";
import { getOutputColor } from "../encoding/color-filters.ts";
import { buildAacArguments, stripMetadataArguments } from "../encoding/encode.ts";
import { buildColorTagArguments } from "../encoding/output-color.ts";
import type { PlanContext, PlannedOutput } from "../encoding/plan.ts";
import type { AudioSource } from "../media/audio-tracks.ts";
import { getAudioSeconds, getVideoSeconds } from "../media/duration.ts";
import type { Probe } from "../media/probe.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { LadderOptions } from "./recipe.ts";
import { buildRenditionArguments } from "./rendition-arguments.ts";
import type { Rendition } from "./renditions.ts";

/** One track of a ladder: a fragmented MP4 and its media playlist. */
export interface LadderTrack {
  /** File name, e.g. `rendition-0.mp4`. */
  readonly name: string;
  readonly playlistName: string;
  readonly type: "video" | "audio";
  /** Maps and encoder arguments. */
  readonly encoderArguments: readonly string[];
  readonly output: PlannedOutput;
}

const audioKbps = 128;

const buildTrack = (
  index: number,
  { type, encoderArguments }: Pick<LadderTrack, "type" | "encoderArguments">,
  expectation: PlannedOutput["expectation"],
  context: PlanContext,
): LadderTrack => {
  const name = `rendition-${index}.mp4`;
  return {
    name,
    playlistName: `media_${index}.m3u8`,
    type,
    encoderArguments,
    output: {
      path: `${context.scratchDirectory}/${name}`,
      key: `${requireOutputKey(context.outputKeys, "ladder")}${name}`,
      contentType: `${type}/mp4`,
      isManifest: false,
      ...(expectation === undefined ? {} : { expectation }),
    },
  };
};

const buildSourceColorTags = ({ video }: Probe): readonly string[] =>
  video === undefined ? [] : buildColorTagArguments(getOutputColor(video));

/** Plans the tracks of a ladder: the renditions from the largest, then the audio. */
export const planTracks = (
  renditions: readonly Rendition[],
  audioSources: readonly AudioSource[],
  { segmentSeconds }: LadderOptions,
  context: PlanContext,
): readonly LadderTrack[] => [
  ...renditions.map((rendition, index) =>
    buildTrack(
      index,
      {
        type: "video",
        encoderArguments: [
          ...buildRenditionArguments(rendition, index, segmentSeconds),
          ...buildSourceColorTags(context.source.probe),
        ],
      },
      {
        durationSeconds: getVideoSeconds(context.source.probe),
        video: { codec: "h264", width: rendition.width, height: rendition.height },
        audio: "none",
      },
      context,
    ),
  ),
  ...audioSources.map((source, index) =>
    buildTrack(
      renditions.length + index,
      {
        type: "audio",
        encoderArguments: [
          ...buildAudioMapArguments(source, {}, `audio${index}`),
          ...buildAacArguments(audioKbps),
        ],
      },
      {
        durationSeconds: getAudioSeconds({ ...context.source.probe, audio: source[0] }),
        video: "none",
        audio: { codec: "aac" },
      },
      context,
    ),
  ),
];

/**
 * Builds the output arguments of all tracks: one process writes one file per track.
 *
 * @param maxSeconds maximum duration of a track
 */
export const buildTrackArguments = (
  tracks: readonly LadderTrack[],
  { segmentSeconds }: LadderOptions,
  maxSeconds: number,
  { threads }: Pick<PlanContext, "threads">,
): readonly string[] =>
  tracks.flatMap(({ type, encoderArguments, output }) => [
    ...encoderArguments,
    ...stripMetadataArguments,
    "-threads",
    String(threads),
    "-t",
    String(maxSeconds),
    ...buildCmafArguments(type, segmentSeconds),
    output.path,
  ]);
