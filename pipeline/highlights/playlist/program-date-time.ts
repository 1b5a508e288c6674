import type { MediaSegment, ProgramDateTime } from "./playlist.ts";
import { PlaylistError, quoteText } from "./playlist-error.ts";

const pattern =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d):(\d\d)(?:[.,](\d{1,20}))?(?: ?(?:Z|([+-])(\d\d):?(\d\d)?))?$/i;

/**
 * Parses the value of `EXT-X-PROGRAM-DATE-TIME` to epoch milliseconds, with a fraction. Accepts a space instead of T,
 * any number of decimals, offsets without colon or minutes, and a leap second. Without an offset the time is UTC.
 *
 * @throws PlaylistError if it is not a valid time
 */
export const parseProgramDateTime = (text: string, line: number): number => {
  const [, date, minutes, seconds, decimals = "0", sign, offsetHours, offsetMinutes = "00"] =
    pattern.exec(text) ?? [];
  const minuteMs = Date.parse(`${date}T${minutes}:00Z`);
  const isValid =
    // Date.parse accepts 31 days in every month.
    !Number.isNaN(minuteMs) &&
    new Date(minuteMs).toISOString().startsWith(`${date}T`) &&
    Number(seconds) <= 60;
  if (!isValid) throw new PlaylistError(`EXT-X-PROGRAM-DATE-TIME is ${quoteText(text)}, not a time`, line);
  const offsetMs = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes)) * 60_000;
  return (
    minuteMs +
    Number(seconds) * 1000 +
    Math.round(Number(`0.${decimals}`) * 1e6) / 1000 -
    (sign === "-" ? -offsetMs : sign === "+" ? offsetMs : 0)
  );
};

/**
 * Computes the times of segments without a tag: after the previous tag between the same discontinuities, else before the
 * next one (RFC 8216, 6.3.3).
 *
 * @param explicit epoch milliseconds by index of the segment
 */
export const extrapolateProgramDateTimes = (
  segments: readonly MediaSegment[],
  explicit: ReadonlyMap<number, number>,
): readonly MediaSegment[] => {
  const times: (ProgramDateTime | undefined)[] = segments.map((_, index) => {
    const epochMs = explicit.get(index);
    return epochMs === undefined ? undefined : { epochMs, isExplicit: true };
  });
  const durationMs = (index: number): number => (segments[index]?.durationSeconds ?? 0) * 1000;
  for (let index = 1; index < segments.length; index += 1) {
    const previous = times[index - 1];
    if (previous !== undefined && !segments[index]?.isDiscontinuity)
      times[index] ??= { epochMs: previous.epochMs + durationMs(index - 1), isExplicit: false };
  }
  for (let index = segments.length - 2; index >= 0; index -= 1) {
    const next = times[index + 1];
    if (next !== undefined && !segments[index + 1]?.isDiscontinuity)
      times[index] ??= { epochMs: next.epochMs - durationMs(index), isExplicit: false };
  }
  return segments.map((segment, index) => {
    const programDateTime = times[index];
    return programDateTime === undefined ? segment : { ...segment, programDateTime };
  });
};
