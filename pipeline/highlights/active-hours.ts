import type { ChannelSettings } from "../configuration/channels-schema.ts";

/** Whether a channel is watched at a time. */
export const isActive = (activeHours: ChannelSettings["activeHours"], now: Date): boolean => {
  if (activeHours === undefined) return true;
  const { from, to, timeZone } = activeHours;
  const hour = Number(
    new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone }).format(now),
  );
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
};
