const steps = [
  { unit: "second", seconds: 1 },
  { unit: "minute", seconds: 60 },
  { unit: "hour", seconds: 3600 },
  { unit: "day", seconds: 86_400 },
  { unit: "week", seconds: 7 * 86_400 },
  { unit: "month", seconds: 30.44 * 86_400 },
  { unit: "year", seconds: 365.25 * 86_400 },
] as const;
const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** Formats how long ago a time is, e.g. `3 hours ago`. @param iso ISO 8601 */
export const formatRelativeTime = (iso: string, now: Date): string => {
  const seconds = (now.getTime() - Date.parse(iso)) / 1000;
  if (seconds < 45) return "just now";
  const step = steps.findLast((one) => seconds >= one.seconds * 0.95) ?? steps[0];
  return format.format(-Math.max(1, Math.round(seconds / step.seconds)), step.unit);
};
