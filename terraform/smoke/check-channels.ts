import { createDynamoAppearanceStore } from "../../adapters/aws/appearance-store.ts";
import { type ChannelSettings, selectChannels } from "../../pipeline/configuration/channels-schema.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { isActive } from "../../pipeline/highlights/active-hours.ts";
import type { ChannelRecord } from "../../pipeline/highlights/appearance-store.ts";
import type { DeployedStage } from "./stage.ts";

/** Seconds after its interval within which a run of a watcher saves its status. */
const maxDelaySeconds = 120;

/** What is wrong with a channel, one sentence; undefined if it is watched, paused, or not watched at this hour. */
export const findChannelProblem = (
  { name, intervalMinutes, activeHours }: Pick<ChannelSettings, "name" | "intervalMinutes" | "activeHours">,
  { paused, status }: Pick<ChannelRecord, "paused" | "status">,
  now: Date,
  logGroup: string,
): string | undefined => {
  if (paused || !isActive(activeHours, now)) return undefined;
  const advice = `Read the log ${logGroup}.`;
  if (status?.lastPolledAt === undefined) return `Channel ${name} has never been watched. ${advice}`;
  const seconds = Math.round(now.getTime() / 1000 - status.lastPolledAt);
  if (seconds > intervalMinutes * 60 + maxDelaySeconds)
    return `Channel ${name} was watched ${seconds} seconds ago for the last time. ${advice}`;
  return status.name === "error" || status.name === "stalled"
    ? `Channel ${name}: ${status.message}`
    : undefined;
};

/**
 * Checks that the channels of a stage are watched.
 *
 * @returns what is wrong, one sentence for each channel
 */
export const checkChannels = async (
  { deployment, names, database }: Pick<DeployedStage, "deployment" | "names" | "database">,
  { channels }: Pick<Configuration, "channels">,
  { report, now = new Date() }: { readonly report: (line: string) => void; readonly now?: Date },
): Promise<readonly string[]> => {
  const settings = selectChannels(channels, deployment.stage);
  const store = createDynamoAppearanceStore(
    database,
    {
      channels: names.channelsTable,
      detections: names.detectionsTable,
      labels: names.labelsTable,
      appearances: names.appearancesTable,
    },
    { now: () => now },
    () => 1,
  );
  const problems: string[] = [];
  for (const channel of settings) {
    const record = await store.readChannel(channel.name);
    const logGroup = `/aws/lambda/${names.watcher}-${channel.name}`;
    const problem = findChannelProblem(channel, record, now, logGroup);
    report(
      problem ??
        `Channel ${channel.name}: ${record.paused ? "paused" : (record.status?.name ?? "not watched at this hour")}.`,
    );
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
};
