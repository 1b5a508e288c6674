import { createDynamoAppearanceStore } from "../../adapters/aws/appearance-store.ts";
import { buildWatcherName } from "../../modules/names.ts";
import { type ChannelSettings, selectChannels } from "../../pipeline/configuration/channels-schema.ts";
import type { Configuration } from "../../pipeline/configuration/configuration.ts";
import { formatError } from "../../pipeline/errors/errors.ts";
import { isActive } from "../../pipeline/highlights/active-hours.ts";
import type { ChannelRecord } from "../../pipeline/highlights/appearance-store.ts";
import { findFunctionProblem } from "./check-watcher-function.ts";
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
  const advice = `Check that its schedule is enabled, and read the log ${logGroup}.`;
  if (status?.lastPolledAt === undefined) return `Channel ${name} has never been watched. ${advice}`;
  const seconds = Math.round(now.getTime() / 1000 - status.lastPolledAt);
  if (seconds > intervalMinutes * 60 + maxDelaySeconds)
    return `Channel ${name} was watched ${seconds} seconds ago for the last time. ${advice}`;
  return status.name === "error" || status.name === "stalled"
    ? `Channel ${name}: ${status.message}`
    : undefined;
};

/**
 * Checks that the channels of a stage have a function, and are watched.
 *
 * @returns what is wrong, one sentence for each channel
 */
export const checkChannels = async (
  {
    deployment,
    names,
    database,
    lambda,
  }: Pick<DeployedStage, "deployment" | "names" | "database" | "lambda">,
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
  const checkChannel = async (
    channel: ChannelSettings,
    functionName: string,
  ): Promise<{ readonly state?: string; readonly problem?: string | undefined }> => {
    const functionProblem = await findFunctionProblem(lambda, functionName, deployment.stage);
    if (functionProblem !== undefined) return { problem: `Channel ${channel.name}: ${functionProblem}` };
    try {
      const record = await store.readChannel(channel.name);
      return {
        state: record.paused ? "paused" : (record.status?.name ?? "not watched at this hour"),
        problem: findChannelProblem(channel, record, now, `/aws/lambda/${functionName}`),
      };
    } catch (cause) {
      return { problem: `Channel ${channel.name} cannot be checked: ${formatError(cause)}` };
    }
  };
  const problems: string[] = [];
  for (const channel of settings) {
    const functionName = buildWatcherName(deployment, channel.name);
    const { state, problem } = await checkChannel(channel, functionName);
    report(problem ?? `Channel ${channel.name}: ${state}.`);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
};
