import * as z from "zod";
import type { LabelRecord } from "../highlights/appearance-store.ts";
import { toIsoTime } from "./iso-time.ts";

const shared = {
  count: z.number().describe("Number of frames that showed it."),
  firstSeenAt: z.string().describe("Time of the first frame, ISO 8601."),
  lastSeenAt: z.string().describe("Time of the newest frame, ISO 8601."),
  confidence: z.number().describe("Highest confidence of its detections in percent."),
  imageUrl: z
    .string()
    .nullable()
    .describe("URL of the newest frame; null without one. A signed URL expires after 12 to 13 hours."),
};
const cursor = z
  .string()
  .nullable()
  .describe("Pass it as `cursor` to get the next page; null on the last page.");

const labelDocumentSchema = z
  .object({ name: z.string().describe("The label, as the detector spells it."), ...shared })
  .meta({ id: "Label", description: "A label of a channel." });

/** A page of the labels of a channel. */
export const labelListSchema = z
  .object({
    labels: z
      .array(labelDocumentSchema)
      .describe(
        "Labels, last seen first. A label that is seen again between two pages moves to the first page.",
      ),
    cursor,
  })
  .meta({ id: "LabelList", description: "A page of the labels of a channel." });
export type LabelList = z.infer<typeof labelListSchema>;

const celebrityDocumentSchema = z
  .object({
    id: z.string().describe("Id of the person at the detector."),
    name: z.string().describe("Name of the person."),
    urls: z.array(z.string()).describe("Pages about the person, as the detector knows them."),
    ...shared,
  })
  .meta({ id: "Celebrity", description: "A celebrity of a channel." });

/** A page of the celebrities of a channel. */
export const celebrityListSchema = z
  .object({
    celebrities: z
      .array(celebrityDocumentSchema)
      .describe(
        "Celebrities, last seen first. One that is seen again between two pages moves to the first page.",
      ),
    cursor,
  })
  .meta({ id: "CelebrityList", description: "A page of the celebrities of a channel." });
export type CelebrityList = z.infer<typeof celebrityListSchema>;

const toSharedFields = (
  { count, firstSeenAt, lastSeenAt, confidence }: LabelRecord,
  imageUrl: string | null,
) => ({
  count,
  firstSeenAt: toIsoTime(firstSeenAt),
  lastSeenAt: toIsoTime(lastSeenAt),
  confidence,
  imageUrl,
});

/** Builds the document of a label. */
export const toLabelDocument = (
  label: LabelRecord,
  imageUrl: string | null,
): LabelList["labels"][number] => ({ name: label.name, ...toSharedFields(label, imageUrl) });

/** Rekognition returns addresses without a scheme. Undefined for what is not the address of a web page. */
const toPageUrl = (text: string): string | undefined => {
  const url = /^[a-z][a-z\d+.-]*:/i.test(text) ? text : `https://${text}`;
  return /^https?:/i.test(url) && URL.canParse(url) ? new URL(url).href : undefined;
};

/** Builds the document of a celebrity. */
export const toCelebrityDocument = (
  label: LabelRecord,
  imageUrl: string | null,
): CelebrityList["celebrities"][number] => ({
  id: label.id,
  name: label.name,
  urls: (label.urls ?? []).map(toPageUrl).filter((url) => url !== undefined),
  ...toSharedFields(label, imageUrl),
});
