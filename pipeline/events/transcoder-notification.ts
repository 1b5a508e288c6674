import * as z from "zod";

/** The body of Elastic Transcoder's notifications (developer guide, "Notifications of job status"). */
const body = z.object({
  state: z.enum(["PROGRESSING", "COMPLETED", "WARNING", "ERROR"]),
  errorCode: z.coerce.number().int().optional(),
  messageDetails: z.string().optional(),
  jobId: z.string().min(1),
  outputs: z
    .array(
      z.object({
        key: z.string(),
        status: z.string().optional(),
        statusDetail: z.string().optional(),
        /** Seconds. */
        duration: z.number().optional(),
        /** Pixels. */
        width: z.number().optional(),
        height: z.number().optional(),
        /** Bytes; our own service adds it. */
        fileSize: z.number().optional(),
      }),
    )
    .default([]),
  outputKeyPrefix: z.string().optional(),
  userMetadata: z.record(z.string(), z.string()).default({}),
});
/** One message about a transcoder job. */
export type TranscoderNotification = z.infer<typeof body>;

const sns = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) });
const published = z.object({ Message: z.string(), TopicArn: z.string() });

const read = (text: string): readonly TranscoderNotification[] => {
  try {
    const parsed = body.safeParse(JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  } catch {
    // A topic may carry other people's messages: what is no notification is passed over.
    return [];
  }
};

/**
 * Elastic Transcoder's notifications in an event of SNS (to a Lambda, or as SNS posts it), or one by itself;
 * undefined for any other event.
 */
export const parseTranscoderNotifications = (
  event: unknown,
): readonly TranscoderNotification[] | undefined => {
  const records = sns.safeParse(event);
  if (records.success) return records.data.Records.flatMap(({ Sns }) => read(Sns.Message));
  const one = published.safeParse(event);
  if (one.success) return read(one.data.Message);
  const raw = body.safeParse(event);
  return raw.success ? [raw.data] : undefined;
};
