import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { createDynamoAppearanceStore } from "../../adapters/aws/appearance-store.ts";
import { createWorkerClipper, type WorkerClipperOptions } from "../../adapters/aws/worker-clipper.ts";
import { selectChannels } from "../../pipeline/configuration/channels-schema.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import type { apiEnvironment } from "../../pipeline/environment/api.ts";
import { clipOutputPrefix, clipSourcePrefix } from "../../pipeline/highlights/clip-source.ts";
import type { Clock } from "../../pipeline/ports/clock.ts";
import type * as z from "../../pipeline/schema/z.ts";
import type { ApiChannels } from "./ports.ts";

interface DeployedChannelOptions {
  /** Ports of the jobs of clips. */
  readonly jobPorts: WorkerClipperOptions["ports"];
  readonly configuration: Pick<Configuration, "channels">;
  /** Name of the stage. */
  readonly stage: string;
  readonly clock: Clock;
}

/** Creates the channels of a stage for the API; undefined if it has none. */
export const createDeployedChannels = (
  database: DynamoDBClient,
  {
    CHANNELS_TABLE: channels,
    DETECTIONS_TABLE: detections,
    LABELS_TABLE: labels,
    APPEARANCES_TABLE: appearances,
  }: Pick<
    z.output<typeof apiEnvironment>,
    "CHANNELS_TABLE" | "DETECTIONS_TABLE" | "LABELS_TABLE" | "APPEARANCES_TABLE"
  >,
  { configuration, stage, clock, jobPorts }: DeployedChannelOptions,
): ApiChannels | undefined => {
  if (channels === undefined || detections === undefined || labels === undefined || appearances === undefined)
    return undefined;
  const settings = selectChannels(configuration.channels, stage);
  return {
    settings,
    store: createDynamoAppearanceStore(
      database,
      { channels, detections, labels, appearances },
      clock,
      (name) => settings.find((channel) => channel.name === name)?.retentionDays ?? 0,
    ),
    // The reconciler starts its jobs.
    clipper: createWorkerClipper({
      ports: jobPorts,
      archiveBucket: jobPorts.outputBucket,
      sourcePrefix: clipSourcePrefix,
      outputPrefix: clipOutputPrefix,
    }),
    clock,
  };
};
