import * as z from "zod";
import { appearanceListSchema } from "./appearance-document.ts";
import { channelDocumentSchema } from "./channel-document.ts";
import { celebrityListSchema, labelListSchema } from "./label-document.ts";

/** A channel with what was found in it, as a view that updates by itself shows it. */
export const highlightsDocumentSchema = z
  .object({
    channel: channelDocumentSchema,
    appearances: appearanceListSchema.describe("The first page of the appearances."),
    labels: labelListSchema.describe("The first page of the labels."),
    celebrities: celebrityListSchema.describe("The first page of the celebrities."),
  })
  .meta({ id: "Highlights", description: "A channel with what was found in it." });
export type HighlightsDocument = z.infer<typeof highlightsDocumentSchema>;
