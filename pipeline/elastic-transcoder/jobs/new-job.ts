import type { WorkLimits } from "../../media/source-limits.ts";
import { ApiError } from "../api/api-error.ts";
import { transcoderJobId } from "../api/ids.ts";
import { validationError } from "../api/requests/constraint.ts";
import type {
  CreateJobRequest,
  JobInputRequest,
  JobOutputRequest,
  JobPlaylistRequest,
} from "../api/requests/create-job.ts";
import type { Preset } from "../presets/preset.ts";
import { isOneTrack } from "../transcode/container.ts";
import type { InputSettings, Pipeline, TranscoderJob, TranscoderOutput } from "./job.ts";

interface Circumstances {
  readonly pipeline: Pipeline;
  /** The presets that the request names, by the ids it names. */
  readonly presets: ReadonlyMap<string, Preset>;
  readonly limits: WorkLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Containers that are cut into segments. */
const segmented: readonly string[] = ["ts", "fmp4"];
/** The container that a format of playlist is made of. */
const playlistContainer: Readonly<Record<JobPlaylistRequest["Format"], string>> = {
  HLSv3: "ts",
  "MPEG-DASH": "fmp4",
  HLSv4: "ts",
  Smooth: "fmp4",
};

const outputFaults = (entry: JobOutputRequest, preset: Preset, index: number): readonly string[] => {
  const at = (field: string) => `'Outputs.${index}.${field}'`;
  const slots = (preset.Video?.Watermarks ?? []).map(({ Id }) => Id);
  const named = entry.Watermarks.map(({ PresetWatermarkId }) => PresetWatermarkId);
  const unknown = named.find((slot) => !slots.includes(slot));
  const twice = named.find((slot, position) => named.indexOf(slot) !== position);
  const wantsThumbnails = (entry.ThumbnailPattern ?? "") !== "";
  return [
    ...(entry.SegmentDuration !== undefined && !segmented.includes(preset.Container)
      ? [
          `${at("SegmentDuration")} goes with containers ts and fmp4; preset ${preset.Id} makes ${preset.Container}`,
        ]
      : []),
    ...(wantsThumbnails && (preset.Video === undefined || preset.Thumbnails === undefined)
      ? [`${at("ThumbnailPattern")}: preset ${preset.Id} has no settings for thumbnails`]
      : []),
    ...(unknown === undefined
      ? []
      : [
          `${at("Watermarks")}: preset ${preset.Id} has no watermark settings ${unknown}; it has ${slots.join(", ") || "none"}`,
        ]),
    ...(twice === undefined ? [] : [`${at("Watermarks")}: PresetWatermarkId ${twice} is given twice`]),
  ];
};

const playlistFaults = (
  playlist: JobPlaylistRequest,
  index: number,
  outputs: readonly (readonly [JobOutputRequest, Preset])[],
): readonly string[] => {
  const container = playlistContainer[playlist.Format];
  const members = playlist.OutputKeys.flatMap((key) => outputs.filter(([entry]) => entry.Key === key));
  const wrong = members.find(([, preset]) => preset.Container !== container);
  const mixed = members.find(([, preset]) => !isOneTrack(preset));
  const differ = (value: (entry: JobOutputRequest) => string | undefined) =>
    new Set(members.map(([entry]) => value(entry))).size > 1;
  return [
    ...(wrong === undefined
      ? []
      : [
          `'Playlists.${index}': ${playlist.Format} is made of outputs in container ${container}; output ${wrong[0].Key} is ${wrong[1].Container}`,
        ]),
    // Players of MPEG-DASH want picture and sound in files of their own; so did the service's own presets for it.
    ...(playlist.Format !== "MPEG-DASH" || mixed === undefined
      ? []
      : [
          `'Playlists.${index}': MPEG-DASH is made of outputs with picture alone or sound alone; output ${mixed[0].Key} has both. Use presets such as 1351620000001-500020 and 1351620000001-500060`,
        ]),
    ...(differ(({ SegmentDuration }) => SegmentDuration)
      ? [`'Playlists.${index}': the SegmentDuration of all its outputs must be the same`]
      : []),
    ...(differ(({ Composition }) => JSON.stringify(Composition?.[0]?.TimeSpan ?? {}))
      ? [`'Playlists.${index}': the clip of all its outputs must be the same`]
      : []),
  ];
};

const settingsOf = (input: JobInputRequest): InputSettings => {
  const { FrameRate, Resolution, AspectRatio, Interlaced, Container } = input;
  return { FrameRate, Resolution, AspectRatio, Interlaced, Container };
};

/**
 * The record of a new job, its presets resolved.
 *
 * @throws ApiError ResourceNotFoundException where a preset does not exist, ValidationException where it does not
 * fit what the job asks of it
 */
export const newTranscoderJob = (body: CreateJobRequest, circumstances: Circumstances): TranscoderJob => {
  const { pipeline, presets, now } = circumstances;
  const outputs = body.outputs.map((entry) => {
    const preset = presets.get(entry.PresetId);
    if (preset === undefined)
      throw new ApiError(
        "ResourceNotFoundException",
        `The specified preset was not found: id=${entry.PresetId}.`,
      );
    return [entry, preset] as const;
  });
  const found = [
    ...outputs.flatMap(([entry, preset], index) => outputFaults(entry, preset, index)),
    ...body.Playlists.flatMap((playlist, index) => playlistFaults(playlist, index, outputs)),
  ];
  if (found.length > 0) throw validationError(found);
  const at = new Date(now).toISOString();
  return {
    id: transcoderJobId(pipeline.Id, body.UserMetadata, now),
    pipelineId: pipeline.Id,
    inputBucket: pipeline.InputBucket,
    inputKey: body.input.Key,
    inputSettings: settingsOf(body.input),
    timeSpan: body.input.TimeSpan,
    outputBucket: pipeline.ContentConfig.Bucket,
    contentConfig: pipeline.ContentConfig,
    thumbnailConfig: pipeline.ThumbnailConfig,
    role: pipeline.Role,
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
    attemptLimit: 3,
    progress: { percent: 0, stage: "submitted" },
    limits: circumstances.limits,
    createdAt: at,
    updatedAt: at,
    history: [{ at, status: "Submitted", attempt: 1, detail: "created" }],
  };
};
