import type { ChannelSettings } from "../pipeline/configuration/channels-schema.ts";

/** Hours field of a cron expression. */
const formatHours = ({ from, to }: NonNullable<ChannelSettings["activeHours"]>): string => {
  const formatRange = (first: number, last: number) => (first === last ? `${first}` : `${first}-${last}`);
  if (from < to) return formatRange(from, to - 1);
  return `${formatRange(from, 23)},${formatRange(0, to - 1)}`;
};

/** Builds the schedule of a channel's watcher (EventBridge Scheduler user guide, "Schedule types"). */
export const buildChannelSchedule = ({
  intervalMinutes,
  activeHours,
}: Pick<ChannelSettings, "intervalMinutes" | "activeHours">): {
  readonly expression: string;
  readonly timeZone?: string;
} =>
  activeHours === undefined
    ? { expression: `rate(${intervalMinutes} minutes)` }
    : {
        expression: `cron(0/${intervalMinutes} ${formatHours(activeHours)} * * ? *)`,
        timeZone: activeHours.timeZone,
      };
