import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoAppearanceStore } from "../adapters/aws/appearance-store.ts";
import { createWorkerClipper, type WorkerClipperOptions } from "../adapters/aws/worker-clipper.ts";
import { localTableNames } from "../adapters/local/database.ts";
import type { ApiChannels } from "../lambdas/api/ports.ts";
import { type Channel, selectChannels } from "../pipeline/configuration/channels-schema.ts";
import { localStage } from "../pipeline/configuration/selected-stages.ts";
import type { AppearanceStore } from "../pipeline/highlights/appearance-store.ts";
import { clipOutputPrefix, clipSourcePrefix } from "../pipeline/highlights/clip-source.ts";

interface ChannelOptions {
  readonly channels: readonly Channel[];
  /** Ports of the jobs of clips. */
  readonly jobPorts: WorkerClipperOptions["ports"];
}

/** The channels of this machine, with all of their records. */
export interface LocalChannels extends ApiChannels {
  readonly store: AppearanceStore;
}

/** Opens the channels of this machine. */
export const openChannels = (
  client: DynamoDBClient,
  { channels, jobPorts }: ChannelOptions,
): LocalChannels => {
  const { clock, outputBucket } = jobPorts;
  const settings = selectChannels(channels, localStage);
  return {
    settings,
    store: createDynamoAppearanceStore(
      client,
      localTableNames,
      clock,
      (name) => settings.find((channel) => channel.name === name)?.retentionDays ?? 0,
    ),
    // The reconciler starts its jobs.
    clipper: createWorkerClipper({
      ports: jobPorts,
      archiveBucket: outputBucket,
      sourcePrefix: clipSourcePrefix,
      outputPrefix: clipOutputPrefix,
    }),
    clock,
  };
};
