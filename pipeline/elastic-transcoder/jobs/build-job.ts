import type { MediaLimits } from "../../media/media-limits.ts";
import { ApiError } from "../api/api-error.ts";
import { generateTranscoderJobId } from "../api/ids.ts";
import type {
  CreateJobRequest,
  JobInputRequest,
  JobOutputRequest,
  JobPlaylistRequest,
} from "../api/requests/create-job.ts";
import { buildValidationError } from "../api/requests/validation.ts";
import type { Preset } from "../presets/preset.ts";
import { isSingleTrack } from "../transcode/container.ts";
import type { InputSettings, Pipeline, TranscoderJob, TranscoderOutput } from "./job.ts";

interface TranscoderJobContext {
  readonly pipeline: Pipeline;
  /** The presets that the request names, by the ids it names. */
  readonly presets: ReadonlyMap<string, Preset>;
  readonly limits: MediaLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Containers that are cut into segments. */
const segmentedContainers: readonly string[] = ["ts", "fmp4"];
/** The container that a format of playlist is made of. */
const playlistContainer: Readonly<Record<JobPlaylistRequest["Format"], string>> = {
  HLSv3: "ts",
  "MPEG-DASH": "fmp4",
  HLSv4: "ts",
  Smooth: "fmp4",
};

const findOutputErrors = (entry: JobOutputRequest, preset: Preset, index: number): readonly string[] => {
  const formatField = (field: string) => `'Outputs.${index}.${field}'`;
  const slots = (preset.Video?.Watermarks ?? []).map(({ Id }) => Id);
  const watermarkIds = entry.Watermarks.map(({ PresetWatermarkId }) => PresetWatermarkId);
  const unknown = watermarkIds.find((slot) => !slots.includes(slot));
  const duplicate = watermarkIds.find((slot, position) => watermarkIds.indexOf(slot) !== position);
  const hasThumbnails = (entry.ThumbnailPattern ?? "") !== "";
  return [
    ...(entry.SegmentDuration !== undefined && !segmentedContainers.includes(preset.Container)
      ? [
          `${formatField("SegmentDuration")} goes with containers ts and fmp4; preset ${preset.Id} makes ${preset.Container}`,
        ]
      : []),
    ...(hasThumbnails && (preset.Video === undefined || preset.Thumbnails === undefined)
      ? [`${formatField("ThumbnailPattern")}: preset ${preset.Id} has no settings for thumbnails`]
      : []),
    ...(unknown === undefined
      ? []
      : [
          `${formatField("Watermarks")}: preset ${preset.Id} has no watermark settings ${unknown}; it has ${slots.join(", ") || "none"}`,
        ]),
    ...(duplicate === undefined
      ? []
      : [`${formatField("Watermarks")}: PresetWatermarkId ${duplicate} is given twice`]),
  ];
};

const findPlaylistErrors = (
  playlist: JobPlaylistRequest,
  index: number,
  outputs: readonly (readonly [JobOutputRequest, Preset])[],
): readonly string[] => {
  const container = playlistContainer[playlist.Format];
  const members = playlist.OutputKeys.flatMap((key) => outputs.filter(([entry]) => entry.Key === key));
  const wrongContainer = members.find(([, preset]) => preset.Container !== container);
  const multiTrack = members.find(([, preset]) => !isSingleTrack(preset));
  const hasDifferent = (value: (entry: JobOutputRequest) => string | undefined) =>
    new Set(members.map(([entry]) => value(entry))).size > 1;
  return [
    ...(wrongContainer === undefined
      ? []
      : [
          `'Playlists.${index}': ${playlist.Format} is made of outputs in container ${container}; output ${wrongContainer[0].Key} is ${wrongContainer[1].Container}`,
        ]),
    // Players of MPEG-DASH want picture and sound in files of their own; so did the service's own presets for it.
    ...(playlist.Format !== "MPEG-DASH" || multiTrack === undefined
      ? []
      : [
          `'Playlists.${index}': MPEG-DASH is made of outputs with picture alone or sound alone; output ${multiTrack[0].Key} has both. Use presets such as 1351620000001-500020 and 1351620000001-500060`,
        ]),
    ...(hasDifferent(({ SegmentDuration }) => SegmentDuration)
      ? [`'Playlists.${index}': the SegmentDuration of all its outputs must be the same`]
      : []),
    ...(hasDifferent(({ Composition }) => JSON.stringify(Composition?.[0]?.TimeSpan ?? {}))
      ? [`'Playlists.${index}': the clip of all its outputs must be the same`]
      : []),
  ];
};

const getInputSettings = (input: JobInputRequest): InputSettings => {
  const { FrameRate, Resolution, AspectRatio, Interlaced, Container } = input;
  return { FrameRate, Resolution, AspectRatio, Interlaced, Container };
};

/**
 * The record of a new job, its presets resolved.
 *
 * @throws ApiError ResourceNotFoundException where a preset does not exist, ValidationException where it does not
 * fit what the job asks of it
 */
export const buildTranscoderJob = (body: CreateJobRequest, context: TranscoderJobContext): TranscoderJob => {
  const { pipeline, presets, now } = context;
  const outputs = body.outputs.map((entry) => {
    const preset = presets.get(entry.PresetId);
    if (preset === undefined)
      throw new ApiError(
        "ResourceNotFoundException",
        `The specified preset was not found: id=${entry.PresetId}.`,
      );
    return [entry, preset] as const;
  });
  const errors = [
    ...outputs.flatMap(([entry, preset], index) => findOutputErrors(entry, preset, index)),
    ...body.Playlists.flatMap((playlist, index) => findPlaylistErrors(playlist, index, outputs)),
  ];
  if (errors.length > 0) throw buildValidationError(errors);
  const at = new Date(now).toISOString();
  return {
    id: generateTranscoderJobId(pipeline.Id, body.UserMetadata, now),
    pipelineId: pipeline.Id,
    inputBucket: pipeline.InputBucket,
    inputKey: body.input.Key,
    inputSettings: getInputSettings(body.input),
    timeSpan: body.input.TimeSpan,
    outputBucket: pipeline.ContentConfig.Bucket,
    contentConfig: pipeline.ContentConfig,
    thumbnailConfig: pipeline.ThumbnailConfig,
    roleArn: pipeline.Role,
    outputKeyPrefix: body.OutputKeyPrefix,
    outputs: outputs.map(
      ([entry, preset], index): TranscoderOutput => ({
        id: String(index + 1),
        key: entry.Key,
        preset: { ...preset, Id: entry.PresetId },
        rotate: entry.Rotate,
        thumbnailPattern: entry.ThumbnailPattern ?? "",
        segmentDuration: entry.SegmentDuration,
        watermarks: entry.Watermarks.map(({ PresetWatermarkId, InputKey }) => ({
          slot: PresetWatermarkId,
          key: InputKey,
        })),
        timeSpan: entry.Composition?.[0]?.TimeSpan,
        status: "Submitted",
      }),
    ),
    playlists: body.Playlists.flatMap(({ Name, Format, OutputKeys }) =>
      Format === "HLSv3" || Format === "MPEG-DASH"
        ? [{ name: Name, format: Format, outputKeys: OutputKeys, status: "Submitted" as const }]
        : [],
    ),
    userMetadata: body.UserMetadata,
    status: "Submitted",
    attempt: 1,
    maxAttempts: 3,
    progress: { percent: 0, phase: "submitted" },
    limits: context.limits,
    createdAt: at,
    updatedAt: at,
    history: [{ at, status: "Submitted", attempt: 1, detail: "created" }],
  };
};
