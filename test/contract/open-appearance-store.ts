import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  type AppearanceTableNames,
  createDynamoAppearanceStore,
} from "../../adapters/aws/appearance-store.ts";
import type { AppearanceStore } from "../../pipeline/highlights/appearance-store.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import {
  appearancesTable,
  channelsTable,
  detectionsTable,
  labelsTable,
} from "../../pipeline/ports/tables.ts";
import { newTable } from "./new-table.ts";

export const retentionDays = 7;

/** Creates a store with empty tables, and returns it with their names. */
export const openDynamoAppearanceStore = async (
  client: DynamoDBClient,
  clock: Clock,
): Promise<{ readonly store: AppearanceStore; readonly tableNames: AppearanceTableNames }> => {
  const tableNames = {
    channels: await newTable(client, channelsTable),
    detections: await newTable(client, detectionsTable),
    labels: await newTable(client, labelsTable),
    appearances: await newTable(client, appearancesTable),
  };
  return { store: createDynamoAppearanceStore(client, tableNames, clock, () => retentionDays), tableNames };
};
