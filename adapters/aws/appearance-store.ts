import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { AppearanceStore } from "../../pipeline/highlights/appearance-store.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import { createAppearanceItems } from "./appearance-items.ts";
import { createChannelItems } from "./channel-items.ts";
import { createDetectionItems } from "./detection-items.ts";
import { createItemStore } from "./item-store.ts";
import { createLabelItems } from "./label-items.ts";
import { createSegmentItems } from "./segment-items.ts";
import { createUsageItems } from "./usage-items.ts";

const secondsPerDay = 86_400;

/** Names of the tables of watched channels (pipeline/ports/tables.ts). */
export interface AppearanceTableNames {
  readonly channels: string;
  readonly detections: string;
  readonly labels: string;
  readonly appearances: string;
}

/**
 * Creates the store of the tables of watched channels, in DynamoDB or in the embedded database of one machine.
 *
 * @param getRetentionDays the retention of a channel: how long its items live after their last write
 */
export const createDynamoAppearanceStore = (
  client: DynamoDBClient,
  tableNames: AppearanceTableNames,
  clock: Clock,
  getRetentionDays: (channel: string) => number,
): AppearanceStore => {
  const computeExpiry = (channel: string): number =>
    Math.ceil(clock.now().getTime() / 1000 + getRetentionDays(channel) * secondsPerDay);
  const channelItems = createItemStore(client, tableNames.channels, ["channel", "item"]);
  return {
    ...createChannelItems(channelItems, clock),
    ...createSegmentItems(channelItems, computeExpiry),
    ...createUsageItems(channelItems, computeExpiry),
    ...createDetectionItems(
      createItemStore(client, tableNames.detections, ["channel", "frameId"]),
      computeExpiry,
    ),
    ...createLabelItems(createItemStore(client, tableNames.labels, ["channelKind", "id"]), computeExpiry),
    ...createAppearanceItems(
      createItemStore(client, tableNames.appearances, ["channel", "id"]),
      computeExpiry,
    ),
  };
};
