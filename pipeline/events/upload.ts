import * as z from "zod";
import type { JobSource } from "../job/job.ts";

/** Amazon EventBridge, "Object Created" from Amazon S3: the key is plain. */
const eventBridge = z.object({
  "detail-type": z.string(),
  source: z.literal("aws.s3"),
  time: z.string().optional(),
  detail: z.object({
    bucket: z.object({ name: z.string().min(1) }),
    object: z.object({
      key: z.string().min(1),
      size: z.number().int().min(0).optional(),
      etag: z.string().optional(),
      "version-id": z.string().optional(),
      sequencer: z.string().optional(),
    }),
  }),
});

/** Amazon S3 event notification, version 2.x: the key is encoded, `+` for a space and `%XX`. */
const notification = z.object({
  Records: z.array(
    z.object({
      eventName: z.string(),
      eventTime: z.string().optional(),
      s3: z.object({
        bucket: z.object({ name: z.string().min(1) }),
        object: z.object({
          key: z.string().min(1),
          size: z.number().int().min(0).optional(),
          eTag: z.string().optional(),
          versionId: z.string().optional(),
          sequencer: z.string().optional(),
        }),
      }),
    }),
  ),
});

const testEvent = z.object({ Event: z.literal("s3:TestEvent") });

/** The event is none that tells of an upload; retrying it cannot help. */
export class UnreadableEvent extends Error {
  constructor(why: string, cause?: unknown) {
    super(`The event is neither an S3 notification nor an EventBridge "Object Created" event: ${why}`, {
      cause,
    });
    this.name = "UnreadableEvent";
  }
}

/** Undoes the encoding of keys in S3 notifications. */
const decodeKey = (key: string): string => {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch (cause) {
    throw new UnreadableEvent(`the key is not validly encoded: ${key.slice(0, 80)}`, cause);
  }
};

/**
 * The uploads an event tells of; none for test events, removals and other news.
 *
 * @throws UnreadableEvent where the event has no known shape
 */
export const parseUploadEvents = (body: unknown): readonly JobSource[] => {
  if (testEvent.safeParse(body).success) return [];
  const bridge = eventBridge.safeParse(body);
  if (bridge.success) {
    const { detail, time } = bridge.data;
    if (bridge.data["detail-type"] !== "Object Created") return [];
    return [
      {
        bucket: detail.bucket.name,
        key: detail.object.key,
        bytes: detail.object.size ?? 0,
        versionId: detail.object["version-id"],
        etag: detail.object.etag,
        sequencer: detail.object.sequencer,
        modifiedAt: time,
      },
    ];
  }
  const records = notification.safeParse(body);
  if (!records.success) throw new UnreadableEvent(z.prettifyError(records.error).split("\n")[0] ?? "");
  return records.data.Records.filter((record) => /^(s3:)?ObjectCreated:/.test(record.eventName)).map(
    ({ s3, eventTime }) => ({
      bucket: s3.bucket.name,
      key: decodeKey(s3.object.key),
      bytes: s3.object.size ?? 0,
      versionId: s3.object.versionId,
      etag: s3.object.eTag,
      sequencer: s3.object.sequencer,
      modifiedAt: eventTime,
    }),
  );
};
