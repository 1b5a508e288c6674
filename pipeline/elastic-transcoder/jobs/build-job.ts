import { defaultMaxAttempts } from "../../attempts/retry-policy.ts";
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
  /** The presets of the request, by the ids that it uses. */
  readonly presets: ReadonlyMap<string, Preset>;
  readonly limits: MediaLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Containers that support segments. */
const segmentedContainers: readonly string[] = ["ts", "fmp4"];
/** Container of the outputs in each playlist format. */
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
          `${formatField("SegmentDuration")} is allowed only with containers ts and fmp4; preset ${preset.Id} has ${preset.Container}`,
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
      : [`${formatField("Watermarks")}: PresetWatermarkId ${duplicate} is used twice`]),
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
          `'Playlists.${index}': ${playlist.Format} requires outputs in container ${container}; output ${wrongContainer[0].Key} has ${wrongContainer[1].Container}`,
        ]),
    // MPEG-DASH players expect audio and video in separate files, as in the service's own presets for it.
    ...(playlist.Format !== "MPEG-DASH" || multiTrack === undefined
      ? []
      : [
          `'Playlists.${index}': MPEG-DASH requires outputs with only video or only audio; output ${multiTrack[0].Key} has both. Use presets such as 1351620000001-500020 and 1351620000001-500060`,
        ]),
    ...(hasDifferent(({ SegmentDuration }) => SegmentDuration)
      ? [`'Playlists.${index}': all outputs must have the same SegmentDuration`]
      : []),
    ...(hasDifferent(({ Composition }) => JSON.stringify(Composition?.[0]?.TimeSpan ?? {}))
      ? [`'Playlists.${index}': all outputs must have the same clip`]
      : []),
  ];
};

const getInputSettings = (input: JobInputRequest): InputSettings => {
  const { FrameRate, Resolution, AspectRatio, Interlaced, Container } = input;
  return { FrameRate, Resolution, AspectRatio, Interlaced, Container };
};

/**
 * Builds the record of a new job, with resolved presets.
 *
 * @throws ApiError ResourceNotFoundException if a preset does not exist, ValidationException if an output or playlist
 * does not match its preset
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
    maxAttempts: defaultMaxAttempts,
    progress: { percent: 0, phase: "submitted" },
    limits: context.limits,
    createdAt: at,
    updatedAt: at,
    history: [{ at, status: "Submitted", attempt: 1, detail: "created" }],
  };
};
