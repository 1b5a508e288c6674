const units = ["B", "KB", "MB", "GB", "TB"] as const;

/** Formats a size, e.g. `4.2 MB` (1 MB = 1,000,000 bytes). */
export const formatBytes = (bytes: number): string => {
  let exponent = 0;
  // Of the rounded value: 999,600 bytes are 1 MB, not 1,000 KB.
  while (exponent < units.length - 1 && Math.round(bytes / 1000 ** exponent) >= 1000) exponent += 1;
  const value = bytes / 1000 ** exponent;
  return `${value.toLocaleString("en", { maximumFractionDigits: exponent === 0 || value >= 100 ? 0 : 1 })} ${units[exponent]}`;
};

/** Formats a duration as players do, e.g. `1:02:03` or `0:07`. */
export const formatDuration = (seconds: number): string => {
  const total = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const padded = String(rest).padStart(2, "0");
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, "0")}:${padded}` : `${minutes}:${padded}`;
};

/** Formats a time in the user's language and time zone. @param iso ISO 8601 */
export const formatTime = (iso: string): string =>
  new Date(iso).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Formats a count with its noun, e.g. `1 video`, `1,200 videos`. */
export const formatCount = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
