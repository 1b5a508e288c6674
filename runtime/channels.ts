import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoAppearanceStore } from "../adapters/aws/appearance-store.ts";
import { localTableNames } from "../adapters/local/database.ts";
import type { ApiChannels } from "../lambdas/api/ports.ts";
import { type Channel, selectChannels } from "../pipeline/configuration/channels-schema.ts";
import { localStage } from "../pipeline/configuration/selected-stages.ts";
import type { AppearanceStore } from "../pipeline/highlights/appearance-store.ts";
import type { Clock } from "../pipeline/ports/clock.ts";

/** The channels of this machine, with all of their records. */
export interface LocalChannels extends ApiChannels {
  readonly store: AppearanceStore;
}

/** Opens the channels of this machine. */
export const openChannels = (
  client: DynamoDBClient,
  channels: readonly Channel[],
  clock: Clock,
): LocalChannels => {
  const settings = selectChannels(channels, localStage);
  return {
    settings,
    store: createDynamoAppearanceStore(
      client,
      localTableNames,
      clock,
      (name) => settings.find((channel) => channel.name === name)?.retentionDays ?? 0,
    ),
    clock,
  };
};
