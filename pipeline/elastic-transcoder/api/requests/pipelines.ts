import * as z from "../../../schema/z.ts";
import { bucketName, kmsKeyArn, name, role, topic } from "./fields.ts";
import { buildValidationError, parseRequest } from "./validation.ts";

const notifications = z.strictObject({
  Progressing: z._default(topic, ""),
  Completed: z._default(topic, ""),
  Warning: z._default(topic, ""),
  Error: z._default(topic, ""),
});
const permission = z.strictObject({
  GranteeType: z.enum(["Canonical", "Email", "Group"]),
  Grantee: z.string().check(z.minLength(1), z.maxLength(255)),
  Access: z
    .array(z.enum(["FullControl", "Read", "ReadAcp", "WriteAcp"]))
    .check(z.minLength(1), z.maxLength(30)),
});
const outputConfig = z.strictObject({
  Bucket: z.optional(bucketName),
  StorageClass: z._default(z.enum(["Standard", "ReducedRedundancy"]), "Standard"),
  Permissions: z._default(z.array(permission).check(z.maxLength(30)), []),
});
export type OutputConfigRequest = z.infer<typeof outputConfig>;

const createPipeline = z.strictObject({
  Name: name,
  InputBucket: bucketName,
  OutputBucket: z.optional(bucketName),
  Role: role,
  AwsKmsKeyArn: z.optional(kmsKeyArn),
  Notifications: z.optional(notifications),
  ContentConfig: z.optional(outputConfig),
  ThumbnailConfig: z.optional(outputConfig),
});
export type CreatePipelineRequest = z.infer<typeof createPipeline>;

const findBucketErrors = (body: CreatePipelineRequest): readonly string[] => {
  const { OutputBucket, ContentConfig, ThumbnailConfig } = body;
  if (OutputBucket !== undefined)
    return ContentConfig === undefined && ThumbnailConfig === undefined
      ? []
      : [
          "'OutputBucket' cannot be combined with 'ContentConfig' and 'ThumbnailConfig': use one or the other",
        ];
  if (ContentConfig === undefined || ThumbnailConfig === undefined)
    return ["either 'OutputBucket' or both 'ContentConfig' and 'ThumbnailConfig' must be specified"];
  return [
    ...(ContentConfig.Bucket === undefined ? ["'ContentConfig.Bucket' must not be null"] : []),
    ...(ThumbnailConfig.Bucket === undefined ? ["'ThumbnailConfig.Bucket' must not be null"] : []),
  ];
};

/** @throws ApiError ValidationException that names the field */
export const parseCreatePipeline = (body: unknown): CreatePipelineRequest => {
  const parsed = parseRequest(createPipeline, body);
  const errors = findBucketErrors(parsed);
  if (errors.length > 0) throw buildValidationError(errors);
  return parsed;
};

const updatePipeline = z.strictObject({
  Id: z.optional(z.string()),
  Name: z.optional(name),
  InputBucket: z.optional(bucketName),
  Role: z.optional(role),
  AwsKmsKeyArn: z.optional(kmsKeyArn),
  Notifications: z.optional(notifications),
  ContentConfig: z.optional(outputConfig),
  ThumbnailConfig: z.optional(outputConfig),
});
export type UpdatePipelineRequest = z.infer<typeof updatePipeline>;
/** @throws ApiError ValidationException that names the field */
export const parseUpdatePipeline = (body: unknown): UpdatePipelineRequest =>
  parseRequest(updatePipeline, body);

const updateNotifications = z.strictObject({ Id: z.optional(z.string()), Notifications: notifications });
/** @throws ApiError ValidationException that names the field */
export const parseNotifications = (body: unknown) => parseRequest(updateNotifications, body).Notifications;

const updateStatus = z.strictObject({ Id: z.optional(z.string()), Status: z.enum(["Active", "Paused"]) });
/** @throws ApiError ValidationException that names the field */
export const parsePipelineStatus = (body: unknown) => parseRequest(updateStatus, body).Status;

const testRole = z.strictObject({
  Role: role,
  InputBucket: bucketName,
  OutputBucket: bucketName,
  Topics: z.array(topic).check(z.maxLength(30)),
});
/** @throws ApiError ValidationException that names the field */
export const parseTestRole = (body: unknown) => parseRequest(testRole, body);
