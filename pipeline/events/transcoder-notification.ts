import * as z from "zod";

/** The body of Elastic Transcoder's notifications (developer guide, "Notifications of job status"). */
export const transcoderNotification = z.object({
  state: z.enum(["PROGRESSING", "COMPLETED", "WARNING", "ERROR"]),
  errorCode: z.coerce.number().int().optional(),
  messageDetails: z.string().optional(),
  jobId: z.string(),
  pipelineId: z.string(),
  outputs: z
    .array(
      z.object({
        key: z.string(),
        status: z.string().optional(),
        statusDetail: z.string().optional(),
        duration: z.number().optional(),
        width: z.number().optional(),
        height: z.number().optional(),
        fileSize: z.number().optional(),
      }),
    )
    .default([]),
  userMetadata: z.record(z.string(), z.string()).default({}),
});
export type TranscoderNotification = z.infer<typeof transcoderNotification>;

const sns = z.object({ Records: z.array(z.object({ Sns: z.object({ Message: z.string() }) })) });

/** Elastic Transcoder's notifications in an SNS event; undefined for any other event. */
export const parseTranscoderNotifications = (
  event: unknown,
): readonly TranscoderNotification[] | undefined => {
  const records = sns.safeParse(event);
  if (!records.success) return undefined;
  return records.data.Records.flatMap(({ Sns }) => {
    try {
      const parsed = transcoderNotification.safeParse(JSON.parse(Sns.Message));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
};
