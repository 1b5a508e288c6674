import type { AudioLevel } from "../encoding/audio-filters.ts";
import { getOutputColor } from "../encoding/color-filters.ts";
import { buildAacTrackArguments, constantRateArguments, stripMetadataArguments } from "../encoding/encode.ts";
import { buildCmafArguments } from "../encoding/fragment-arguments.ts";
import { buildColorTagArguments } from "../encoding/output-color.ts";
import { worstCaseCeilingDbtp } from "../encoding/peak-ceiling.ts";
import type { Expectation, PlanContext } from "../encoding/plan.ts";
import { buildAudioTiming } from "../encoding/timing-filters.ts";
import type { AudioRendition } from "../media/audio-renditions.ts";
import type { AudioTrackGroup } from "../media/audio-tracks.ts";
import { getAudioSeconds, getVideoSeconds } from "../media/duration.ts";
import type { Probe } from "../media/probe.ts";
import type { LadderTrack } from "./ladder-files.ts";
import { requireOutputKey } from "./preconditions.ts";
import type { LadderOptions } from "./recipe.ts";
import { buildRenditionArguments } from "./rendition-arguments.ts";
import type { Rendition } from "./renditions.ts";

const audioKbps = 128;

/** Builds the maps and encoder arguments of an audio track. @param label unique among the outputs of a process */
export const buildAudioTrackArguments = (
  group: AudioTrackGroup,
  level: AudioLevel | undefined,
  label: string,
  options: LadderOptions,
  { source: { probe } }: PlanContext,
): readonly string[] =>
  buildAacTrackArguments(
    group,
    audioKbps,
    { ...buildAudioTiming(probe.video, options), ...(level === undefined ? {} : { level }) },
    label,
  );

/** What the encoder of an audio track adds to the true peak at most, dB. */
export const maxAudioGainDb = -worstCaseCeilingDbtp;

const buildTrack = (
  index: number,
  type: LadderTrack["type"],
  encoderArguments: readonly string[],
  expectation: Expectation,
  context: PlanContext,
): LadderTrack => {
  const name = `rendition-${index}.mp4`;
  return {
    name,
    playlistName: `media_${index}.m3u8`,
    type,
    isOptional: false,
    encoderArguments,
    output: {
      path: `${context.scratchDirectory}/${name}`,
      key: `${requireOutputKey(context.outputKeys, "ladder")}${name}`,
      contentType: `${type}/mp4`,
      isManifest: false,
      expectation,
    },
  };
};

const buildSourceColorTags = ({ video }: Probe): readonly string[] =>
  video === undefined ? [] : buildColorTagArguments(getOutputColor(video));

const buildVideoTrack = (
  rendition: Rendition,
  index: number,
  { segmentSeconds }: LadderOptions,
  context: PlanContext,
): LadderTrack =>
  buildTrack(
    index,
    "video",
    [
      ...buildRenditionArguments(rendition, index, segmentSeconds),
      ...buildSourceColorTags(context.source.probe),
    ],
    {
      durationSeconds: getVideoSeconds(context.source.probe),
      video: { codec: "h264", width: rendition.width, height: rendition.height },
      audio: "none",
    },
    context,
  );

const buildAudioTrack = (
  rendition: AudioRendition,
  index: number,
  level: AudioLevel | undefined,
  options: LadderOptions,
  context: PlanContext,
): LadderTrack => {
  const { isDefault, tracks } = rendition;
  const [audio] = tracks;
  // A further track that ends early is published: it must not fail the ladder.
  const durationSeconds = isDefault ? getAudioSeconds({ ...context.source.probe, audio }) : undefined;
  return {
    ...buildTrack(
      index,
      "audio",
      buildAudioTrackArguments(tracks, level, `audio${index}`, options, context),
      {
        ...(durationSeconds === undefined ? {} : { durationSeconds }),
        video: "none",
        audio: { codec: "aac" },
      },
      context,
    ),
    isOptional: !isDefault,
    audio: rendition,
  };
};

/**
 * Plans the tracks of a ladder: the renditions from the largest, then the audio, the main one first.
 *
 * @param levels of audio by the index of its first track; a track without one keeps its level
 */
export const planTracks = (
  renditions: readonly Rendition[],
  audioRenditions: readonly AudioRendition[],
  levels: ReadonlyMap<number, AudioLevel>,
  options: LadderOptions,
  context: PlanContext,
): readonly LadderTrack[] => [
  ...renditions.map((rendition, index) => buildVideoTrack(rendition, index, options, context)),
  ...audioRenditions.map((audio, index) =>
    buildAudioTrack(audio, renditions.length + index, levels.get(audio.tracks[0].index), options, context),
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
    ...constantRateArguments,
    ...stripMetadataArguments,
    "-threads",
    String(threads),
    "-t",
    String(maxSeconds),
    ...buildCmafArguments(type, segmentSeconds),
    output.path,
  ]);
