import { formatBytes } from "../components/format.ts";

/** A smoothed transfer rate. */
export interface TransferRate {
  /** Time of the last sample, milliseconds. */
  readonly atMs: number;
  /** Bytes sent until then. */
  readonly bytes: number;
  /** Undefined until two samples exist. */
  readonly bytesPerSecond: number | undefined;
}

const minIntervalMs = 500;
const halfLifeMs = 4000;

/** Adds a sample to a rate: an exponential moving average, which a restarted transfer resets. */
export const updateRate = (previous: TransferRate | undefined, atMs: number, bytes: number): TransferRate => {
  if (previous === undefined || bytes < previous.bytes) return { atMs, bytes, bytesPerSecond: undefined };
  const intervalMs = atMs - previous.atMs;
  if (intervalMs < minIntervalMs) return previous;
  const current = ((bytes - previous.bytes) / intervalMs) * 1000;
  const weight = 2 ** (-intervalMs / halfLifeMs);
  const bytesPerSecond =
    previous.bytesPerSecond === undefined ? current : current + (previous.bytesPerSecond - current) * weight;
  return { atMs, bytes, bytesPerSecond };
};

/** Formats a rate, e.g. `4.2 MB/s`. */
export const formatRate = (bytesPerSecond: number): string => `${formatBytes(Math.round(bytesPerSecond))}/s`;

/** Formats the time that the rest needs, rounded so that it does not flicker, e.g. `about 5 min left`. */
export const formatTimeLeft = (bytesLeft: number, bytesPerSecond: number): string | undefined => {
  if (bytesPerSecond <= 0) return undefined;
  const seconds = bytesLeft / bytesPerSecond;
  if (seconds < 5) return "a few seconds left";
  if (seconds < 55) return `about ${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `about ${minutes} min left`;
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `about ${Math.round(hours / 24)} days left`;
  return minutes % 60 === 0 ? `about ${hours} h left` : `about ${hours} h ${minutes % 60} min left`;
};
