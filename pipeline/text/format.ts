const units = ["bytes", "kB", "MB", "GB", "TB"];

/** Bytes for a person, in powers of a thousand: `1.2 MB`. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.5 ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`;
};

/** Seconds for a person: `4.2 s`, `3:07`, `1:02:03`. */
export const formatSeconds = (seconds: number): string => {
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const wholeSeconds = Math.round(seconds);
  const padTwo = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.floor(wholeSeconds / 60) % 60;
  const hours = Math.floor(wholeSeconds / 3600);
  return hours === 0
    ? `${minutes}:${padTwo(wholeSeconds % 60)}`
    : `${hours}:${padTwo(minutes)}:${padTwo(wholeSeconds % 60)}`;
};

/**
 * Time taken as a multiple of real time: `0.42×` is faster than watching it.
 *
 * @param mediaSeconds seconds of the source; absent for a still picture
 */
export const formatRealTimeFactor = (elapsedSeconds: number, mediaSeconds: number | undefined): string =>
  mediaSeconds === undefined || mediaSeconds <= 0 ? "–" : `${(elapsedSeconds / mediaSeconds).toFixed(2)}×`;

const controlCharacters = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A strange name for a terminal: nothing in it moves the cursor or turns the writing round. */
export const toPrintable = (text: string): string => text.replaceAll(controlCharacters, "\uFFFD");

/** A text as one word of a shell, for a command that a person copies. */
export const quoteShellArgument = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
