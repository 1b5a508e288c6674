import * as z from "zod";
import { jobStatuses } from "../attempts/job-status.ts";
import { edges } from "../highlights/appearance.ts";
import type { StoredAppearance } from "../highlights/appearance-store.ts";
import { toIsoTime } from "./iso-time.ts";
import { playableSchema } from "./video-document.ts";

/** The clip of an appearance. */
export const clipDocumentSchema = z
  .object({
    status: z
      .enum([...jobStatuses, "accepted", "refused", "retrying"])
      .describe(
        "Status of the clip's job. `accepted`: another system makes the clip; `refused`: it cannot be made; `retrying`: the request for it failed, and is repeated at `retryAt`.",
      ),
    jobId: z.string().nullable().describe("Id of the clip's job and video; null without a job."),
    message: z.string().nullable().describe("Why there is no clip; null while it is made, and afterwards."),
    retryAt: z
      .string()
      .nullable()
      .describe("When a failed request for the clip is repeated, ISO 8601; null unless it is `retrying`."),
    posterUrl: z.string().nullable().describe("URL of the clip's poster; null until the clip is Complete."),
    playables: z
      .array(playableSchema)
      .describe("What a player can open, the preferred one first; empty until the clip is Complete."),
  })
  .meta({ id: "HighlightClip", description: "A clip of a channel." });
export type ClipDocument = z.infer<typeof clipDocumentSchema>;

/** An appearance as the HTTP API shows it. */
export const appearanceDocumentSchema = z
  .object({
    id: z.string().describe("Id of the appearance."),
    label: z.string().describe("The label, as the configuration spells it."),
    status: z.enum(["open", "closed"]).describe("`open`: the channel still shows the label."),
    start: z.string().describe("Time of the first frame with the label, ISO 8601."),
    end: z
      .string()
      .nullable()
      .describe("Time of the first frame without the label, ISO 8601; null while the appearance is open."),
    inexactEdges: z
      .array(z.enum(edges))
      .describe(
        "Edges that are not exact to the frame, because frames beside them could not be decoded or detected, or were not searched: before a pause, or because detection was too far behind. Empty if all are exact.",
      ),
    confidence: z.number().describe("Highest confidence of its detections in percent."),
    imageUrl: z
      .string()
      .nullable()
      .describe("URL of a frame of it; null without one. A signed URL expires after 12 to 13 hours."),
    clip: clipDocumentSchema.nullable().describe("Its clip; null while it has none."),
  })
  .meta({ id: "Appearance", description: "A period in which a channel shows a label." });
export type AppearanceDocument = z.infer<typeof appearanceDocumentSchema>;

/** A page of the appearances of a channel. */
export const appearanceListSchema = z
  .object({
    appearances: z.array(appearanceDocumentSchema).describe("Appearances, newest start first."),
    cursor: z
      .string()
      .nullable()
      .describe("Pass it as `cursor` to get the next page; null on the last page."),
  })
  .meta({ id: "AppearanceList", description: "A page of the appearances of a channel." });
export type AppearanceList = z.infer<typeof appearanceListSchema>;

/** Builds the document of an appearance. */
export const toAppearanceDocument = (
  { id, label, status, start, end, inexactEdges = [], confidence }: StoredAppearance,
  { imageUrl, clip }: Pick<AppearanceDocument, "imageUrl" | "clip">,
): AppearanceDocument => ({
  id,
  label,
  status,
  start: toIsoTime(start.time),
  end: end === undefined ? null : toIsoTime(end.time),
  inexactEdges: [...inexactEdges],
  confidence,
  imageUrl,
  clip,
});
