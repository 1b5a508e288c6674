import * as z from "zod";

/** A request of a clip of a time range. */
export const rangeClipRequestSchema = z
  .strictObject({
    from: z.iso.datetime({ offset: true }).describe("Time of the first frame, ISO 8601."),
    to: z.iso
      .datetime({ offset: true })
      .describe("Time of the first frame that does not belong to the clip, ISO 8601."),
  })
  .meta({ id: "ClipRequest", description: "A time range of a channel." });

/** A requested clip. */
export const rangeClipSchema = z
  .object({
    status: z
      .enum(["created", "duplicate", "accepted"])
      .describe(
        "`created`: a new job makes the clip; `duplicate`: that of an earlier request; `accepted`: another system makes it.",
      ),
    jobId: z
      .string()
      .nullable()
      .describe("Id of the clip's job and video, to follow and to play it; null without a job."),
  })
  .meta({ id: "RequestedClip", description: "A clip of a time range." });
