import * as z from "zod";
import type { ChannelSettings } from "../configuration/channels-schema.ts";
import type { ChannelRecord } from "../highlights/appearance-store.ts";
import { describeChannelStatus, shownStatuses } from "../highlights/shown-status.ts";
import type { DetectionUsage } from "../highlights/usage.ts";
import { computeRekognitionUsd } from "../prices/detection-price.ts";
import { type AppearanceDocument, appearanceDocumentSchema } from "./appearance-document.ts";
import { toIsoTime } from "./iso-time.ts";

const usageSchema = z
  .object({
    detectionsThisHour: z.number().describe("Detections in this hour (UTC), also those that failed."),
    maxDetectionsPerHour: z.number().describe("Cap of detections in an hour."),
    usdThisHour: z
      .number()
      .describe("Estimated price of the detections in this hour in US dollars, at the price of one today."),
    usdToday: z.number().describe("Price of the detections of today (UTC) in US dollars."),
    maxUsdPerDay: z.number().describe("Cap of dollars in a day."),
  })
  .meta({ id: "ChannelUsage", description: "Detections and their price against the caps of a channel." });

const archiveSchema = z
  .object({
    from: z.string().describe("Start of the oldest archived segment, ISO 8601."),
    to: z.string().describe("End of the newest archived segment, ISO 8601."),
  })
  .meta({ id: "ChannelArchive", description: "What a clip can be made of." });

/** A watched channel as the HTTP API shows it. */
export const channelDocumentSchema = z
  .object({
    name: z.string().describe("Name of the channel."),
    status: z
      .enum(shownStatuses)
      .describe(
        "`pending`: not watched yet; `watching`: new segments come; `stalled`: the playlist does not change; `ended`: the playlist has ended; `capped`: a cap stops detection, not archiving; `error`: the channel cannot be watched, or only in part; `inactive`: outside of `activeHours`; `overdue`: the watcher does not run.",
      ),
    message: z.string().nullable().describe("Why, and what to do; null if there is no message."),
    paused: z.boolean().describe("Whether the channel is not watched until it is resumed."),
    lastSegmentAt: z
      .string()
      .nullable()
      .describe("Start of the newest archived segment, ISO 8601; null before the first one."),
    lastPolledAt: z
      .string()
      .nullable()
      .describe("When the playlist was requested last, ISO 8601; null before the first time."),
    lagSeconds: z
      .number()
      .nullable()
      .describe(
        "Seconds from the start of the newest archived segment to the last request of the playlist; null before the first segment.",
      ),
    archive: archiveSchema.nullable().describe("The archive; null while it is empty."),
    clipLabels: z.array(z.string()).describe("Labels whose appearances are clipped."),
    celebrities: z.boolean().describe("Whether celebrities are recognized."),
    usage: usageSchema,
    current: z
      .array(appearanceDocumentSchema)
      .describe("Appearances that have not ended: what is on now. Newest start first."),
  })
  .meta({ id: "Channel", description: "A live channel that is watched for labels." });
export type ChannelDocument = z.infer<typeof channelDocumentSchema>;

/** The channels. */
export const channelListSchema = z
  .object({
    channels: z.array(channelDocumentSchema).describe("Channels, in the order of the configuration."),
  })
  .meta({ id: "ChannelList", description: "The watched channels." });

/** What is known of a channel. */
export interface ChannelFacts {
  readonly record: ChannelRecord;
  readonly usage: DetectionUsage;
  /** Epoch seconds of the start of the oldest archived segment. */
  readonly archivedFrom: number | undefined;
  readonly current: readonly AppearanceDocument[];
}

/** Price of one detection of a channel, US dollars. */
const computeDetectionUsd = ({ detector, celebrities }: ChannelSettings): number =>
  detector === "human" ? 0 : computeRekognitionUsd({ celebrities });

/** Builds the document of a channel. */
export const toChannelDocument = (
  settings: ChannelSettings,
  { record, usage, archivedFrom, current }: ChannelFacts,
  now: Date,
): ChannelDocument => {
  const { name, message } = describeChannelStatus(settings, record, now);
  const { lastSegmentAt, lastSegmentEndsAt = lastSegmentAt, lastPolledAt } = record.status ?? {};
  return {
    name: settings.name,
    status: name,
    message,
    paused: record.paused,
    lastSegmentAt: lastSegmentAt === undefined ? null : toIsoTime(lastSegmentAt),
    lastPolledAt: lastPolledAt === undefined ? null : toIsoTime(lastPolledAt),
    lagSeconds:
      lastSegmentAt === undefined || lastPolledAt === undefined
        ? null
        : Math.max(0, Math.round(lastPolledAt - lastSegmentAt)),
    archive:
      archivedFrom === undefined || lastSegmentEndsAt === undefined
        ? null
        : { from: toIsoTime(archivedFrom), to: toIsoTime(lastSegmentEndsAt) },
    clipLabels: [...settings.clipLabels],
    celebrities: settings.celebrities,
    usage: {
      detectionsThisHour: usage.detectionsThisHour,
      maxDetectionsPerHour: settings.maxDetectionsPerHour,
      usdThisHour: Number((usage.detectionsThisHour * computeDetectionUsd(settings)).toFixed(6)),
      usdToday: usage.usdToday,
      maxUsdPerDay: settings.maxUsdPerDay,
    },
    current: [...current],
  };
};

/** Builds the document of a channel whose tables do not exist yet. @param message why, and what to do */
export const toUndeployedChannelDocument = (
  settings: ChannelSettings,
  message: string,
  now: Date,
): ChannelDocument => ({
  ...toChannelDocument(
    settings,
    {
      record: { channel: settings.name, paused: false },
      usage: { detectionsThisHour: 0, usdToday: 0 },
      archivedFrom: undefined,
      current: [],
    },
    now,
  ),
  status: "pending",
  message,
});
