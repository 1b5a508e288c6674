import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { localTableNames } from "../../adapters/local/database.ts";
import { removeExpiredItems } from "../../adapters/local/expired-items.ts";
import { archivePrefix, type ChannelSettings } from "../../pipeline/configuration/channels-schema.ts";
import type { ObjectStore } from "../../pipeline/ports/object-store.ts";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  labelsTable,
} from "../../pipeline/ports/tables.ts";

const dayMs = 86_400_000;
/** Days for which the archive of a channel is kept that is configured no more. */
const defaultRetentionDays = 30;

/** Removes the expired records of channels, as DynamoDB's time to live does. @returns number of removed records */
export const removeExpiredChannelRecords = async (client: DynamoDBClient, now: Date): Promise<number> => {
  let count = 0;
  for (const [table, definition] of [
    [localTableNames.channels, channelsTable],
    [localTableNames.detections, detectionsTable],
    [localTableNames.labels, labelsTable],
    [localTableNames.appearances, appearancesTable],
  ] as const)
    count += await removeExpiredItems(client, table, definition, now);
  return count;
};

/** The channel of an archived object: `archive/CHANNEL/…` or `archive/_clips/CHANNEL/…`. */
const getChannel = (key: string): string | undefined =>
  /^(?:_clips\/)?([^/]+)\//.exec(key.slice(archivePrefix.length))?.[1];

/**
 * Removes the archived objects of channels that are older than their retention, as the lifecycle rule does on AWS.
 *
 * @returns number of removed objects
 */
export const expireArchive = async (
  objects: Pick<ObjectStore, "list" | "removeVersions">,
  bucket: string,
  channels: readonly Pick<ChannelSettings, "name" | "retentionDays">[],
  now: Date,
): Promise<number> => {
  const retentionDays = new Map(channels.map((channel) => [channel.name, channel.retentionDays]));
  let count = 0;
  for await (const object of objects.list(bucket, archivePrefix)) {
    const days = retentionDays.get(getChannel(object.key) ?? "") ?? defaultRetentionDays;
    if (now.getTime() - Date.parse(object.modifiedAt) < days * dayMs) continue;
    await objects.removeVersions(bucket, [object]);
    count += 1;
  }
  return count;
};
