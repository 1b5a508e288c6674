import * as z from "zod";
import type { JobSource } from "../job/job.ts";

/** One object version that came to be, whichever way S3 told of it. */
export type UploadEvent = Omit<JobSource, "probe">;

/** A message about uploads that cannot be read; `readable` holds the uploads of it that can. */
export class MalformedEvent extends Error {
  readonly readable: readonly UploadEvent[];

  constructor(message: string, readable: readonly UploadEvent[] = [], cause?: unknown) {
    super(message, { cause });
    this.name = "MalformedEvent";
    this.readable = readable;
  }
}

const sequencer = z.string().regex(/^[0-9A-Fa-f]+$/);
const bytes = z.number().int().min(0).default(0);

/** "Object Created": Amazon S3 user guide, "EventBridge event message structure"; its keys are plain. */
const objectCreated = z.object({
  "detail-type": z.literal("Object Created"),
  time: z.string().optional(),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      size: bytes,
      etag: z.string().optional(),
      "version-id": z.string().optional(),
      sequencer: sequencer.optional(),
    }),
  }),
});
/** Amazon S3 user guide, "Event message structure"; its keys are form-encoded. */
const notificationRecord = z.object({
  eventName: z.string(),
  eventTime: z.string().optional(),
  s3: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      size: bytes,
      eTag: z.string().optional(),
      versionId: z.string().optional(),
      sequencer: sequencer.optional(),
    }),
  }),
});
const notification = z.object({ Records: z.array(z.unknown()) });
const otherEventBridge = z.object({ "detail-type": z.string(), source: z.literal("aws.s3") });
const testEvent = z.object({ Event: z.literal("s3:TestEvent") });

/**
 * A key out of an S3 notification: `+` is a space, `%XX` a byte of UTF-8.
 *
 * @throws URIError where the bytes are no UTF-8
 */
export const decodeKey = (encoded: string): string => decodeURIComponent(encoded.replaceAll("+", " "));

/** The marker that a console leaves for an empty folder. */
export const isFolderMarker = (key: string): boolean => key.endsWith("/");

const upload = (parts: {
  bucket: string;
  key: string;
  bytes: number;
  versionId: string | undefined;
  etag: string | undefined;
  sequencer: string | undefined;
  modifiedAt: string | undefined;
}): UploadEvent => ({
  bucket: parts.bucket,
  key: parts.key,
  bytes: parts.bytes,
  ...(parts.versionId === undefined || parts.versionId === "" ? {} : { versionId: parts.versionId }),
  ...(parts.etag === undefined ? {} : { etag: parts.etag.replaceAll('"', "") }),
  ...(parts.sequencer === undefined ? {} : { sequencer: parts.sequencer }),
  ...(parts.modifiedAt === undefined ? {} : { modifiedAt: parts.modifiedAt }),
});

const fromRecord = (record: unknown): readonly UploadEvent[] => {
  const named = z.object({ eventName: z.string() }).parse(record);
  if (!/^(s3:)?ObjectCreated:/.test(named.eventName)) return [];
  const { eventTime, s3 } = notificationRecord.parse(record);
  const { key, size, eTag, versionId, sequencer } = s3.object;
  return [
    upload({
      bucket: s3.bucket.name,
      key: decodeKey(key),
      bytes: size,
      versionId,
      etag: eTag,
      sequencer,
      modifiedAt: eventTime,
    }),
  ];
};

const fromNotification = (records: readonly unknown[]): readonly UploadEvent[] => {
  const uploads: UploadEvent[] = [];
  const problems: string[] = [];
  let cause: unknown;
  records.forEach((record, index) => {
    try {
      uploads.push(...fromRecord(record));
    } catch (error) {
      cause = error;
      problems.push(`record ${index + 1}: ${describe(error)}`);
    }
  });
  if (problems.length > 0)
    throw new MalformedEvent(`S3 notification cannot be read: ${problems.join("; ")}`, uploads, cause);
  return uploads;
};

const describe = (error: unknown): string => {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${issue.path.map(String).join(".")}: ${issue.message}`).join(", ");
  return error instanceof URIError ? "the key is not form-encoded UTF-8" : String(error);
};

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedEvent("The message about an upload is not JSON.", [], error);
  }
};

/**
 * The uploads one message tells of: EventBridge's "Object Created", or an S3 notification with any number of
 * records. Test events, removals and other events of S3 hold none.
 *
 * @param body the message, parsed or as text
 * @throws MalformedEvent where a part of it cannot be read
 */
export const parseUploadEvents = (body: unknown): readonly UploadEvent[] => {
  const message = typeof body === "string" ? json(body) : body;
  const created = objectCreated.safeParse(message);
  if (created.success) {
    const { time, detail } = created.data;
    const { key, size, etag, sequencer, "version-id": versionId } = detail.object;
    return [
      upload({ bucket: detail.bucket.name, key, bytes: size, versionId, etag, sequencer, modifiedAt: time }),
    ];
  }
  const other = otherEventBridge.safeParse(message);
  if (other.success && other.data["detail-type"] !== "Object Created") return [];
  if (testEvent.safeParse(message).success) return [];
  const records = notification.safeParse(message);
  if (records.success) return fromNotification(records.data.Records);
  throw new MalformedEvent(
    `The message is neither an "Object Created" event nor an S3 notification: ${describe(created.error)}`,
  );
};
