import * as z from "../schema/z.ts";
import { parseJson } from "../text/parse-json.ts";

/** The body of Elastic Transcoder's notifications (developer guide, "Notifications of job status"). */
const notificationSchema = z.object({
  state: z.enum(["PROGRESSING", "COMPLETED", "WARNING", "ERROR"]),
  errorCode: z.optional(z.coerce.number().check(z.int())),
  messageDetails: z.optional(z.string()),
  jobId: z.string().check(z.minLength(1)),
  outputs: z._default(
    z.array(
      z.object({
        key: z.string(),
        status: z.optional(z.string()),
        statusDetail: z.optional(z.string()),
        /** Seconds. */
        duration: z.optional(z.number()),
        /** Pixels. */
        width: z.optional(z.number()),
        height: z.optional(z.number()),
        /** Bytes. This and the following fields are additions of Reelway's own service. */
        fileSize: z.optional(z.number()),
        durationMillis: z.optional(z.number()),
        videoCodec: z.optional(z.string()),
        audioCodec: z.optional(z.string()),
      }),
    ),
    [],
  ),
  outputKeyPrefix: z.optional(z.string()),
  userMetadata: z._default(z.record(z.string(), z.string()), {}),
});
/** One message about a transcoder job. */
export type TranscoderNotification = z.infer<typeof notificationSchema>;

const snsEventSchema = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) });
const snsMessageSchema = z.object({ Message: z.string(), TopicArn: z.string() });

const parseNotification = (text: string): readonly TranscoderNotification[] => {
  const parsed = notificationSchema.safeParse(parseJson(text));
  // A topic may have other publishers. Messages that are not notifications are ignored.
  return parsed.success ? [parsed.data] : [];
};

/**
 * Parses Elastic Transcoder's notifications from an SNS event of Lambda, an SNS message over HTTP or SQS, or a bare
 * notification; undefined for any other event.
 */
export const parseTranscoderNotifications = (
  event: unknown,
): readonly TranscoderNotification[] | undefined => {
  const records = snsEventSchema.safeParse(event);
  if (records.success) return records.data.Records.flatMap(({ Sns }) => parseNotification(Sns.Message));
  const message = snsMessageSchema.safeParse(event);
  if (message.success) return parseNotification(message.data.Message);
  const raw = notificationSchema.safeParse(event);
  return raw.success ? [raw.data] : undefined;
};
