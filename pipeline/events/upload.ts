import { $ZodError } from "zod/v4/core";
import type { JobSource } from "../attempts/source.ts";
import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";

/** One uploaded object version, from any kind of S3 event. */
export type UploadEvent = Omit<JobSource, "probe">;

/** Which routes of an upload are started: those with the trigger `lambda`, or all. */
export type UploadTriggers = "lambda" | "all";

/**
 * A message of an operator: claims the uploads of an event, also those of routes that EventBridge starts directly, e.g.
 * after the rule's target failed.
 */
export interface ClaimEnvelope {
  readonly reelway: "claim";
  /** See `parseUploadEvents`. */
  readonly event: unknown;
}

/** A message about uploads could not be parsed, in whole or in part. Retrying does not help. */
export class UnreadableEvent extends Error {
  /** The uploads of the same message that could be parsed. */
  readonly uploads: readonly UploadEvent[];

  constructor(message: string, uploads: readonly UploadEvent[] = [], cause?: unknown) {
    super(message, { cause });
    this.name = "UnreadableEvent";
    this.uploads = uploads;
  }
}

const nonEmptyString = z.string().check(z.minLength(1));
const bucket = z.object({ name: nonEmptyString });
const sequencer = z.string().check(z.regex(/^[0-9A-Fa-f]+$/));
const size = z._default(z.int().check(z.minimum(0)), 0);

/** Amazon S3 user guide, "EventBridge event message structure"; keys are plain. */
const objectCreatedSchema = z.object({
  "detail-type": z.literal("Object Created"),
  time: z.optional(z.string()),
  detail: z.object({
    bucket,
    object: z.object({
      key: nonEmptyString,
      size,
      etag: z.optional(z.string()),
      "version-id": z.optional(z.string()),
      sequencer: z.optional(sequencer),
    }),
  }),
});
/** Amazon S3 user guide, "Event message structure"; keys are form-encoded. */
const recordSchema = z.object({
  eventTime: z.optional(z.string()),
  s3: z.object({
    bucket,
    object: z.object({
      key: nonEmptyString,
      size,
      eTag: z.optional(z.string()),
      versionId: z.optional(z.string()),
      sequencer: z.optional(sequencer),
    }),
  }),
});
const eventNameSchema = z.object({ eventName: z.string() });
const notificationSchema = z.object({ Records: z.array(z.unknown()) });
const otherEventSchema = z.object({
  "detail-type": z.string().check(z.refine((type) => type !== "Object Created")),
  source: z.literal("aws.s3"),
});
const envelopeSchema = z.object({ reelway: z.literal("claim"), event: z.unknown() });
const testEventSchema = z.object({ Event: z.literal("s3:TestEvent") });

/**
 * Decodes a key from an S3 notification: `+` is a space, `%XX` a byte of UTF-8.
 *
 * @throws URIError if the bytes are not valid UTF-8
 */
export const decodeKey = (encoded: string): string => decodeURIComponent(encoded.replaceAll("+", " "));

/** True for the object that the S3 console creates for an empty folder. */
export const isFolderMarker = (key: string): boolean => key.endsWith("/");

/** Omits undefined fields and removes the quotes around an ETag. */
const buildUpload = (fields: UploadEvent): UploadEvent => ({
  bucket: fields.bucket,
  key: fields.key,
  bytes: fields.bytes,
  ...(fields.versionId === undefined || fields.versionId === "" ? {} : { versionId: fields.versionId }),
  ...(fields.etag === undefined ? {} : { etag: fields.etag.replaceAll('"', "") }),
  ...(fields.sequencer === undefined ? {} : { sequencer: fields.sequencer }),
  ...(fields.modifiedAt === undefined ? {} : { modifiedAt: fields.modifiedAt }),
});

const parseRecord = (record: unknown): readonly UploadEvent[] => {
  if (!/^(s3:)?ObjectCreated:/.test(eventNameSchema.parse(record).eventName)) return [];
  const { eventTime, s3 } = recordSchema.parse(record);
  const { key, size: bytes, eTag, versionId, sequencer: order } = s3.object;
  return [
    buildUpload({
      bucket: s3.bucket.name,
      key: decodeKey(key),
      bytes,
      versionId,
      etag: eTag,
      sequencer: order,
      modifiedAt: eventTime,
    }),
  ];
};

const describeError = (error: unknown): string => {
  if (error instanceof $ZodError)
    return error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`).join(", ");
  return error instanceof URIError ? "the key is not form-encoded UTF-8" : String(error);
};

const parseNotification = (records: readonly unknown[]): readonly UploadEvent[] => {
  const uploads: UploadEvent[] = [];
  const problems: string[] = [];
  let cause: unknown;
  for (const [index, record] of records.entries()) {
    try {
      uploads.push(...parseRecord(record));
    } catch (error) {
      cause = error;
      problems.push(`record ${index + 1}: ${describeError(error)}`);
    }
  }
  if (problems.length > 0)
    throw new UnreadableEvent(`The S3 notification is not valid: ${problems.join("; ")}`, uploads, cause);
  return uploads;
};

/**
 * Parses the uploads of a message: EventBridge's "Object Created", or an S3 notification with any number of records.
 * Test events, deletions and other S3 events contain none.
 *
 * @param body the message, parsed or as JSON text
 * @throws UnreadableEvent if a part of it is not valid
 */
export const parseUploadEvents = (body: unknown): readonly UploadEvent[] => {
  const message = typeof body === "string" ? parseJson(body) : body;
  if (typeof body === "string" && message === undefined)
    throw new UnreadableEvent("The message about an upload is not valid JSON.");
  const created = objectCreatedSchema.safeParse(message);
  if (created.success) {
    const { time, detail } = created.data;
    const { key, size: bytes, etag, sequencer: order, "version-id": versionId } = detail.object;
    return [
      buildUpload({
        bucket: detail.bucket.name,
        key,
        bytes,
        versionId,
        etag,
        sequencer: order,
        modifiedAt: time,
      }),
    ];
  }
  if (otherEventSchema.safeParse(message).success || testEventSchema.safeParse(message).success) return [];
  const records = notificationSchema.safeParse(message);
  if (records.success) return parseNotification(records.data.Records);
  throw new UnreadableEvent(
    `The message is neither an "Object Created" event nor an S3 notification: ${describeError(created.error)}`,
  );
};

/**
 * Removes the envelope of an operator's message.
 *
 * @param body the message, parsed or as JSON text
 * @returns the event itself, and which routes to start
 */
export const openClaimEnvelope = (
  body: unknown,
): { readonly event: unknown; readonly triggers: UploadTriggers } => {
  const envelope = envelopeSchema.safeParse(typeof body === "string" ? parseJson(body) : body);
  return envelope.success
    ? { event: envelope.data.event, triggers: "all" }
    : { event: body, triggers: "lambda" };
};
