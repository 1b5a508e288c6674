import * as z from "../../../schema/z.ts";
import { id, key, timeSpan, unsupportedField } from "./fields.ts";
import { buildValidationError, parseRequest } from "./validation.ts";

const optionalNumber = z.optional(z.number());
const detectedPropertiesSchema = z.strictObject({
  Width: optionalNumber,
  Height: optionalNumber,
  FrameRate: z.optional(z.string()),
  FileSize: optionalNumber,
  DurationMillis: optionalNumber,
});

const containers =
  "auto 3gp aac asf avi divx flv m4a mkv mov mp3 mp4 mpeg mpeg-ps mpeg-ts mxf ogg ts vob wav webm".split(" ");

const input = z.strictObject({
  Key: key,
  FrameRate: z.optional(z.enum(["auto", "10", "15", "23.97", "24", "25", "29.97", "30", "50", "60"])),
  Resolution: z.optional(z.string().check(z.regex(/^(auto|\d{1,5}x\d{1,5})$/))),
  AspectRatio: z.optional(z.enum(["auto", "1:1", "4:3", "3:2", "16:9"])),
  Interlaced: z.optional(z.enum(["auto", "true", "false"])),
  Container: z.optional(z.enum(containers)),
  TimeSpan: z.optional(timeSpan),
  DetectedProperties: z.optional(detectedPropertiesSchema),
  Encryption: unsupportedField("Encryption of inputs"),
  InputCaptions: unsupportedField("Captions"),
});

const watermark = z.strictObject({
  PresetWatermarkId: z.string().check(z.minLength(1), z.maxLength(40)),
  InputKey: z.string().check(z.maxLength(1024), z.regex(/.\.(jpe?g|png)$/i)),
  Encryption: unsupportedField("Encryption of watermarks"),
});

const output = z.strictObject({
  Key: key,
  PresetId: id,
  Rotate: z._default(z.enum(["auto", "0", "90", "180", "270"]), "auto"),
  ThumbnailPattern: z.optional(z.string().check(z.maxLength(1024), z.regex(/^$|\{count\}/))),
  SegmentDuration: z.optional(
    z
      .string()
      .check(
        z.refine(
          (text) => /^\d{1,5}(\.\d{0,5})?$/.test(text) && Number(text) >= 1 && Number(text) <= 60,
          "Member must be a number of seconds between 1 and 60",
        ),
      ),
  ),
  Watermarks: z._default(z.array(watermark).check(z.maxLength(4)), []),
  Composition: z.optional(z.array(z.strictObject({ TimeSpan: z.optional(timeSpan) })).check(z.maxLength(1))),
  ThumbnailEncryption: unsupportedField("Encryption of thumbnails"),
  AlbumArt: unsupportedField("Album art"),
  Captions: unsupportedField("Captions"),
  Encryption: unsupportedField("Encryption of outputs"),
});

const format = z
  .enum(["HLSv3", "HLSv4", "Smooth", "MPEG-DASH"])
  .check(
    z.refine(
      (name) => name === "HLSv3" || name === "MPEG-DASH",
      "HLSv4 and Smooth are not supported by this service; use HLSv3 or MPEG-DASH",
    ),
  );
const playlist = z.strictObject({
  Name: z.string().check(z.minLength(1), z.maxLength(255)),
  Format: format,
  OutputKeys: z.array(key).check(z.minLength(1), z.maxLength(30)),
  HlsContentProtection: unsupportedField("Content protection"),
  PlayReadyDrm: unsupportedField("Content protection"),
});

const metadata = z
  .record(z.string().check(z.minLength(1), z.maxLength(128)), z.string().check(z.maxLength(256)))
  .check(z.refine((entries) => Object.keys(entries).length <= 10, "Member must have at most 10 entries"));

const request = z.strictObject({
  PipelineId: id,
  Input: z.optional(input),
  Inputs: z.optional(
    z.array(input).check(
      z.minLength(1),
      z.refine(
        (inputs) => inputs.length <= 1,
        "Stitching of several inputs is not supported by this service; specify one input",
      ),
    ),
  ),
  Output: z.optional(output),
  Outputs: z.optional(z.array(output).check(z.minLength(1), z.maxLength(30))),
  OutputKeyPrefix: z.optional(z.string().check(z.maxLength(255))),
  Playlists: z._default(z.array(playlist).check(z.maxLength(30)), []),
  UserMetadata: z._default(metadata, {}),
});
type Request = z.infer<typeof request>;
export type JobInputRequest = z.infer<typeof input>;
export type JobOutputRequest = z.infer<typeof output>;
export type JobPlaylistRequest = z.infer<typeof playlist>;

/** A CreateJob request. The deprecated fields `Input` and `Output` are converted to the current ones. */
export interface CreateJobRequest
  extends Pick<Request, "PipelineId" | "OutputKeyPrefix" | "Playlists" | "UserMetadata"> {
  readonly input: JobInputRequest;
  readonly outputs: readonly JobOutputRequest[];
}

const findDuplicate = (values: readonly string[]): string | undefined =>
  values.find((value, index) => values.indexOf(value) !== index);

const findPlaylistErrors = (
  playlists: readonly JobPlaylistRequest[],
  keys: readonly string[],
): readonly string[] =>
  playlists.flatMap(({ OutputKeys: outputKeys }, index) => {
    const location = `'Playlists.${index}.OutputKeys'`;
    const unknown = outputKeys.find((entry) => !keys.includes(entry));
    const duplicate = findDuplicate(outputKeys);
    return [
      ...(unknown === undefined
        ? []
        : [`${location} contains ${unknown}, which is not the Key of an output of this job`]),
      ...(duplicate === undefined ? [] : [`${location} contains ${duplicate} twice`]),
    ];
  });

/** Violations that involve more than one field. */
const findRequestErrors = (body: Request): readonly string[] => {
  const outputs = body.Outputs ?? (body.Output === undefined ? [] : [body.Output]);
  const keys = outputs.map(({ Key }) => Key);
  const duplicateKey = findDuplicate(keys);
  const names = body.Playlists.map(({ Name }) => Name);
  const duplicateName = findDuplicate(names);
  const folders = new Set(names.map((name) => name.slice(0, name.lastIndexOf("/") + 1)));
  return [
    ...((body.Input === undefined) === (body.Inputs === undefined)
      ? ["exactly one of 'Input' and 'Inputs' must be specified"]
      : []),
    ...((body.Output === undefined) === (body.Outputs === undefined)
      ? ["exactly one of 'Output' and 'Outputs' must be specified"]
      : []),
    ...(duplicateKey === undefined ? [] : [`'Outputs': the Key ${duplicateKey} is used twice`]),
    ...(duplicateName === undefined ? [] : [`'Playlists': the Name ${duplicateName} is used twice`]),
    ...(folders.size > 1 ? ["'Playlists': the path before the last / must be the same in every Name"] : []),
    ...findPlaylistErrors(body.Playlists, keys),
  ];
};

/** @throws ApiError ValidationException that names the field */
export const parseCreateJob = (body: unknown): CreateJobRequest => {
  const parsed = parseRequest(request, body);
  const errors = findRequestErrors(parsed);
  const input = parsed.Input ?? parsed.Inputs?.[0];
  if (errors.length > 0 || input === undefined) throw buildValidationError(errors);
  const { PipelineId, OutputKeyPrefix, Playlists, UserMetadata } = parsed;
  const outputs = parsed.Outputs ?? (parsed.Output === undefined ? [] : [parsed.Output]);
  return { PipelineId, OutputKeyPrefix, Playlists, UserMetadata, input, outputs };
};
