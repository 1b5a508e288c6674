const dayMs = 86_400_000;

/** Formats a time of today to the second, an earlier one with its day. @param iso ISO 8601 */
export const formatClock = (iso: string, now = new Date()): string => {
  const time = new Date(iso);
  const isToday =
    time.toDateString() === now.toDateString() && Math.abs(now.getTime() - time.getTime()) < dayMs;
  return time.toLocaleString(
    undefined,
    isToday ? { timeStyle: "medium" } : { dateStyle: "medium", timeStyle: "medium" },
  );
};

/** Describes the user's time zone at a time, e.g. `Europe/Berlin (GMT+1)`. @param iso ISO 8601 */
export const formatTimeZone = (iso: string): string => {
  const format = new Intl.DateTimeFormat("en", { timeZoneName: "shortOffset" });
  const offset = format.formatToParts(new Date(iso)).find(({ type }) => type === "timeZoneName")?.value;
  const { timeZone } = format.resolvedOptions();
  return timeZone === "UTC" ? timeZone : `${timeZone} (${offset})`;
};

/** Formats a time for an input of type `datetime-local`, to the second. */
export const toInputTime = (time: Date): string => {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
};

/** Seconds from one time to another. @param to null: not ended */
export const getSeconds = (from: string, to: string | null): number | undefined =>
  to === null ? undefined : (Date.parse(to) - Date.parse(from)) / 1000;
