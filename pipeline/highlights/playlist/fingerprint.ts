import { createHash } from "node:crypto";
import type { ByteRange } from "../channel-fetcher.ts";
import type { MediaSegment } from "./playlist.ts";

/**
 * What is remembered of a segment to recognize it in a later playlist: `HASH`, `!` after it if a discontinuity precedes
 * it, and `@` with its program date-time, epoch milliseconds in base 36. 8 to 19 characters.
 */
export type Fingerprint = string;

/** Milliseconds of program date-time by which the playlists of two servers may differ for one segment. */
const toleranceMs = 1000;
/** The same for a segment with the same name: some servers compute the time from that of the request. */
const namedToleranceMs = (targetDurationSeconds: number): number =>
  Math.max(10_000, 3000 * targetDurationSeconds);

/** Splits the path of a URL into names and numbers. */
const splitPath = (url: string): readonly string[] => new URL(url).pathname.split(/[/._-]+/);

/**
 * Hashes the name of a resource: its path, without host, query and what may identify a viewer's session, which are
 * components with `=` and long parts that are also in the playlist's URL.
 */
export const hashName = (url: string, byteRange: ByteRange | undefined, playlistUrl: string): string => {
  const shared = new Set(splitPath(playlistUrl).filter((part) => part.length >= 4));
  const parts = splitPath(url).filter((part) => !part.includes("=") && !shared.has(part));
  return createHash("sha256")
    .update(JSON.stringify([parts, byteRange?.offset]))
    .digest("base64url")
    .slice(0, 8);
};

export const createFingerprint = (segment: MediaSegment, playlistUrl: string): Fingerprint => {
  const { url, byteRange, isDiscontinuity, programDateTime } = segment;
  const time = programDateTime === undefined ? "" : `@${Math.round(programDateTime.epochMs).toString(36)}`;
  return `${hashName(url, byteRange, playlistUrl)}${isDiscontinuity ? "!" : ""}${time}`;
};

const parseFingerprint = (fingerprint: Fingerprint) => {
  const [name = "", time] = fingerprint.split("@");
  return {
    hash: name.slice(0, 8),
    isDiscontinuity: name.endsWith("!"),
    epochMs: time === undefined ? undefined : Number.parseInt(time, 36),
  };
};

/** @returns the program date-time, epoch milliseconds; undefined if it is not known */
export const readTimeMs = (fingerprint: Fingerprint): number | undefined =>
  parseFingerprint(fingerprint).epochMs;

export const hasTime = (fingerprint: Fingerprint): boolean => readTimeMs(fingerprint) !== undefined;

/**
 * Compares two fingerprints of one media sequence number. Times decide, if both have one; else names. Two encoders that
 * write the same times are one channel, whatever their names.
 *
 * @param options `ignoresNames`: whether the server renames its segments
 * @returns undefined if nothing comparable is known
 */
export const isSameSegment = (
  known: Fingerprint,
  current: Fingerprint,
  options: { readonly targetDurationSeconds: number; readonly ignoresNames: boolean },
): boolean | undefined => {
  const a = parseFingerprint(known);
  const b = parseFingerprint(current);
  const hasSameName = a.hash === b.hash;
  if (a.epochMs !== undefined && b.epochMs !== undefined) {
    const differenceMs = Math.abs(a.epochMs - b.epochMs);
    return differenceMs <= (hasSameName ? namedToleranceMs(options.targetDurationSeconds) : toleranceMs);
  }
  if (options.ignoresNames) return undefined;
  // A server may drop the tag of the first segment of its window; it does not add one later.
  return hasSameName && (a.isDiscontinuity || !b.isDiscontinuity);
};
